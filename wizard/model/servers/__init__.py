"""Texts of Apache, mod_wsgi and uWSGI."""
