// Package queue decides what people may have done about executions that are
// under way or have failed: retry, roll back, stop. A Controller carries out
// what they ask for, and answers each of them.
//
// Whoever is not named by a rule may do nothing: there is no default that
// admits anybody.
package queue
