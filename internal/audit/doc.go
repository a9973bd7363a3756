// Package audit keeps what happened to approvals in chains of entries that
// cannot be changed, left out or put in another order without it showing.
//
// It is pure: it links, checks and renders entries, and knows neither where
// they are kept (internal/store, internal/archive) nor what decides (internal/
// approval). An entry never holds a token, a link or a code.
//
// # The hash
//
// There is one chain for each account, region and pipeline. Its entries are
// numbered from 1, and Entry.Hash is, in lower-case hexadecimal,
//
//	content = SHA-256 of frames: "signalbox/audit/content/v1", then for each field
//	          that is not empty its JSON name and its value, in the order of Entry;
//	          Actor's fields are named "actor.person" …, those of Detail "detail.KEY",
//	          sorted by key; At is written as RFC 3339 with nanoseconds, in UTC
//	release = SHA-256 of frames: "signalbox/audit/release/v1", chain, execution
//	hash    = SHA-256 of frames: "signalbox/audit/entry/v1", chain, seq in decimal,
//	          prev, release, content
//
// where a frame is the length of a text in bytes, as 8 bytes with the highest
// first, followed by the text. prev is the hash of the entry before, or empty.
// Chain, seq, prev and hash are not part of the content.
//
// So an entry can be shown as a Seal, its release and content as hashes only:
// that proves its place in the chain and says nothing about the release, and
// whoever hides an entry of a release behind a seal is found out by its release.
// The encoding is frozen: fields may be added, and old entries keep their hashes.
package audit
