"""The assessment center: exercises, a timetable, observations, ratings, the wash-up, the report. Apart from any course."""
