"""An inquiry: an idea, a task for the competence community, or a question.

Its life (M1): it waits for an answer; is answered, also more than once; turns into a theme when
somebody describes it in the template; or is closed with a reason. The words themselves are notes,
which the one who sent it in and the secretariat read.
"""
