package engine

import "encoding/json"

// invokeRule runs the function of a LambdaInvoke rule, once, with the event
// that the function of an Invoke action gets.
func (e *Engine) invokeRule(r *ruleRun) {
	x := r.condition.execution
	event := jobEvent{ID: r.id, AccountID: e.opts.Account}
	event.Data.ActionConfiguration.Configuration = r.resolved
	event.Data.InputArtifacts = eventArtifacts(x.jobArtifacts(r.inputs))
	event.Data.OutputArtifacts = []jobEventArtifact{}
	event.Data.ArtifactCredentials = jobEventCredentials{
		JobCredentials: jobCredentials, ExpirationTime: e.now().Add(jobTimeout).UnixMilli(),
	}
	payload, err := json.Marshal(map[string]jobEvent{"CodePipeline.job": event})
	if err != nil { // strings and numbers only
		e.errSoon(r, err.Error())
		return
	}
	function := r.resolved["FunctionName"]
	r.outcome.summary = "The AWS Lambda function " + function + " runs"
	e.calls[r.id] = r
	e.opts.Effects.Invoke(Invocation{JobID: r.id, Function: function, Payload: payload})
}

// ruleInvoked takes the end of an invocation if a rule asked for it. The
// function's error fails the rule, except that it meets the criteria of a
// failure condition.
func (e *Engine) ruleInvoked(id string, result InvocationResult, why string) bool {
	r := e.calls[id]
	if r == nil {
		return false
	}
	text := "The AWS Lambda function " + r.resolved["FunctionName"]
	switch result {
	case NotInvoked:
		e.errRule(r, text+" cannot be invoked: "+why)
	case HandlerFailed:
		e.endRule(r, metIf(r.condition.errorMeets()), outcome{summary: text + " answered an error"})
	case HandlerReturned:
		e.endRule(r, metIf(!r.condition.errorMeets()), outcome{summary: text + " returned"})
	}
	return true
}

func metIf(ok bool) status {
	if ok {
		return succeeded
	}
	return failed
}
