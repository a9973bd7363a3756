package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/signalbox/signalbox/internal/awsenv"
	"github.com/signalbox/signalbox/internal/store"
)

// endpoint is where DynamoDB is for these tests; empty when there is none.
var endpoint string

// TestMain runs a DynamoDB beside the tests: MiniStack's, which checks
// conditions and transactions as AWS does.
func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	url, stop, err := startMiniStack()
	if err != nil {
		fmt.Fprintf(os.Stderr, "internal/store: no DynamoDB: %v\n", err)
		if os.Getenv("CI") == "true" {
			return 1
		}
		fmt.Fprintln(os.Stderr, "internal/store: TESTS THAT NEED IT ARE SKIPPED")
		return m.Run()
	}
	defer stop()
	endpoint = url
	return m.Run()
}

func startMiniStack() (url string, stop func(), err error) {
	program, err := filepath.Abs("../../.venv/bin/ministack")
	if err != nil {
		return "", nil, err
	}
	if _, err := os.Stat(program); err != nil {
		return "", nil, err
	}
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	// The shell ends MiniStack when its input does, so that it does not
	// outlive tests that are killed.
	const keeper = `"$0" </dev/null & child=$!; cat >/dev/null; kill $child; wait $child`
	var output bytes.Buffer
	cmd := exec.Command("sh", "-c", keeper, program)
	cmd.Env = append(os.Environ(), "GATEWAY_PORT="+strconv.Itoa(port), "BIND_HOST=127.0.0.1",
		"IOT_MTLS_ENABLED=0", "SERVICES=dynamodb", "LOG_LEVEL=WARNING")
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	life, err := cmd.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() { end(cmd, life) }
	url = fmt.Sprintf("http://127.0.0.1:%d", port)
	if err := awaitHealth(url + "/_ministack/health"); err != nil {
		stop()
		return "", nil, fmt.Errorf("start MiniStack: %w\n%s", err, &output)
	}
	return url, stop, nil
}

// end lets MiniStack end by itself, and after ten seconds makes it.
func end(cmd *exec.Cmd, life io.Closer) {
	_ = life.Close()
	force := time.AfterFunc(10*time.Second, func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
	defer force.Stop()
	_ = cmd.Wait()
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer func() { _ = l.Close() }()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func awaitHealth(url string) error {
	client := &http.Client{Timeout: time.Second}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		response, err := client.Get(url)
		if err != nil {
			continue
		}
		_ = response.Body.Close()
		if response.StatusCode == http.StatusOK {
			return nil
		}
	}
	return errors.New("it does not become healthy within a minute")
}

// tables counts the tables made so far: each test has its own.
var tables atomic.Int32

// table returns a store over a new table, and a client to look into it.
func table(t *testing.T) (*store.Store, *dynamodb.Client, string) {
	t.Helper()
	if endpoint == "" {
		t.Skip("there is no DynamoDB")
	}
	client := connect(t)
	name := fmt.Sprintf("signalbox-%d", tables.Add(1))
	_, err := client.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String(name), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: []types.AttributeDefinition{
			{AttributeName: aws.String("PK"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("SK"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("open"), AttributeType: types.ScalarAttributeTypeS},
			{AttributeName: aws.String("expires_at"), AttributeType: types.ScalarAttributeTypeN},
		},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("Open"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeKeysOnly},
			KeySchema: []types.KeySchemaElement{
				{AttributeName: aws.String("open"), KeyType: types.KeyTypeHash},
				{AttributeName: aws.String("expires_at"), KeyType: types.KeyTypeRange},
			},
		}},
		KeySchema: []types.KeySchemaElement{
			{AttributeName: aws.String("PK"), KeyType: types.KeyTypeHash},
			{AttributeName: aws.String("SK"), KeyType: types.KeyTypeRange},
		},
	})
	var exists *types.ResourceInUseException // a repetition, whose first answer was lost
	if err != nil && !errors.As(err, &exists) {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_, _ = client.DeleteTable(context.Background(), &dynamodb.DeleteTableInput{TableName: aws.String(name)})
	})
	return store.New(store.CallsOf(client), name), client, name
}

// connect makes a client as the functions do.
func connect(t *testing.T) *dynamodb.Client {
	t.Helper()
	c, err := awsenv.Config(environment)
	if err != nil {
		t.Fatal(err)
	}
	return dynamodb.NewFromConfig(c)
}

func environment(name string) string {
	return map[string]string{
		"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
		"AWS_ENDPOINT_URL_DYNAMODB": endpoint,
	}[name]
}
