package local

import (
	"crypto/rand"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/signalbox/signalbox/internal/local/control"
)

// wake invokes the function that is built from a folder, as its schedule does
// but now and waiting for the end, and answers that it is done.
func (w *World) wake(folder, done string, input func(id, account, region string, at time.Time) ([]byte, error)) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		payload, err := input(rand.Text(), w.Stack.Account, w.Stack.AWS().Region, w.clock.Now())
		if err != nil {
			control.Refuse(rw, http.StatusInternalServerError, err.Error())
			return
		}
		out, err := lambda.NewFromConfig(w.Stack.AWS()).Invoke(r.Context(), &lambda.InvokeInput{
			FunctionName: aws.String(w.Stack.Function(folder)), Payload: payload,
		})
		switch {
		case err != nil:
			control.Refuse(rw, http.StatusBadGateway, "the "+folder+" function cannot be invoked: "+err.Error())
		case out.FunctionError != nil:
			control.Refuse(rw, http.StatusBadGateway, "the "+folder+" function failed: "+string(out.Payload))
		default:
			control.Answer(rw, map[string]bool{done: true})
		}
	}
}
