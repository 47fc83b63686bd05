"""Job profiles as they are written: drafts, criteria, publication by a second person, evidence and the register of remarks.

Reading a published profile belongs to the room's own pages (``webapp/careers/views.py``); everything that makes one
is here. A draft is edited part by part; every edit names what its editor had in front of them, so that a stale one is
refused. Whoever wrote in a draft does not publish it (access: publish needs a second person).
"""
