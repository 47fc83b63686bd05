"""What an exam's results say about its questions, and where its pass mark comes from.

``queries``     the figures of one exam and of an item over its exams
``book``        the same as a workbook
``models``      Angoff panels: judges, rounds, estimates, what was proposed and adopted
``panels``      reads of panels;  ``operations``  what panels do
"""
