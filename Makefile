# One way to do each chore: every target is a script in scripts/, and CI calls the same.
.PHONY: demo serve test test-long test-deep check bench clean help

help:      ## say what the targets do
	@grep -E '^[a-z-]+: .*##' Makefile | sed 's/: *##/\t/'
demo:      ## install, analyse the examples, leave an HTML report
	@scripts/demo
serve:     ## install, answer over HTTP for the files under ROOT=folder
	@scripts/serve $(if $(ROOT),--root "$(ROOT)")
test:      ## install what tests need, run them
	@scripts/test
test-long: ## the tests that take longer
	@scripts/test -m long
test-deep: ## the tests that need torch
	@scripts/test-deep
check:     ## ruff, mypy, import-linter, hadolint
	@scripts/check
bench:     ## analyze beside its peers, on the music in DATA=folder
	@scripts/bench $(if $(DATA),--data "$(DATA)")
clean:     ## remove the virtual environment and all caches
	rm -rf .venv .demo .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
