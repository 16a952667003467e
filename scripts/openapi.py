"""Print the API's OpenAPI description; no server and no database is needed."""

import json
import sys

from bankimport.app import create_app

sys.stdout.write(json.dumps(create_app().openapi(), indent=1, sort_keys=True) + "\n")
