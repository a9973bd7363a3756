// Package telegraph tells people how releases go: the Notifier folds events
// into the record of an execution and queues what shows it, and the Deliverer
// brings Slack, and whatever else is told, up to the record.
//
// What is worth telling, and where, is decided by internal/notice; this package
// carries it out so that it can be done again. Everything it sends is written
// down before: whoever comes after a crash or a lost answer looks first at what
// has arrived.
package telegraph
