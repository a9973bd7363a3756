// Package approval decides whether a release may go on.
//
// The rules are pure: Open says what a new request looks like, Request.Count
// whether a vote counts and what it does. Asker and Decider carry them out:
// they load, let the rules decide, save, and only then act on the outside. An
// outcome is written before CodePipeline is told, so that whatever a crash
// leaves undone can be finished by the next touch.
//
// The package knows no AWS, no HTTP and no clock of its own; it names what it
// needs of the outside as ports, and an approval without approvers admits
// nobody.
package approval
