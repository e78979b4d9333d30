"""The portal: `python -m portal` builds its pages into `site/`, and `python -m portal.preview` serves them beside a mock."""
