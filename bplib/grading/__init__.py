"""The lecturer's side: what is handed in is read, judged, booked and answered, and nothing in it can hurt or cheat.

a hand-in comes in    archive, roster, collect     from Moodle, Canvas, ILIAS or a folder into the course
and is read           handin, reading, intake      nothing of it is trusted but the learner's own words and code
it is judged          judge                        bytes in; notebook, marks, records out
  learner's cells     sandbox, worker              locked processes: level (which locks there are), lock, canary
                      zygote, inside, stubs        (the proof that they hold), and what runs in them
  the checks          checker, cells               a trusted process: desk, and boundary, where learners' names are
                      desk, boundary               stubs that ask the sandbox
  between the two     wire, link                   numbers, arrays and text, no objects
and booked            plug, judging, config        by nbgrader, from its own commands, the formgrader and ours
                      clean, pages                 what people read of it
                      records, book, released      one record for each; the grade book; the master as released
a lecturer runs       course, doctor, sample       `python -m bplib.grading`
"""
