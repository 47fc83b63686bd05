"""The workbooks staff take away."""
