"""The words of the command ``viva``, each with what explains it. What a word needs is imported when
it is asked for."""
