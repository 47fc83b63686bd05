"""Individual development plans (แผนพัฒนารายบุคคล, IDP): what an officer does about what they lack for a post."""
