"""What every domain needs: settings and the database."""
