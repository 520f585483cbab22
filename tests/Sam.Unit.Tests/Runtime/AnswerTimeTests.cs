using System.Net;
using System.Net.Sockets;
using k8s;
using Microsoft.Extensions.Time.Testing;
using Prometheus;
using Sam.Runtime.Transport;

namespace Sam.Unit.Tests.Runtime;

/// <summary>A server that takes a request and says nothing; the connection is real, the time is not.</summary>
public sealed class AnswerTimeTests
{
    [Theory, InlineData(2, 2), InlineData(600, 30), InlineData(null, 30)]
    public async Task A_request_is_given_up_when_its_answer_is_worth_nothing_any_more(int? within, int givenUpAfter)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        using var client = new Kubernetes(
            new KubernetesClientConfiguration { Host = $"http://{server.LocalEndpoint}", DisableHttp2 = true }
        );
        var clock = new FakeTimeProvider();
        var transport = new HttpTransport(client, new RestClientMetrics(Metrics.NewCustomRegistry()), clock);
        var request = new TransportRequest(HttpMethod.Delete, "/api/v1/namespaces/a/secrets/x");
        if (within is { } seconds)
            request = request with { AnswerWithin = TimeSpan.FromSeconds(seconds) };

        var answer = transport.SendAsync(request, TestContext.Current.CancellationToken);
        using var connection = await server.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(givenUpAfter) - TimeSpan.FromMilliseconds(1));
        var wasPending = !answer.IsCompleted;
        clock.Advance(TimeSpan.FromMilliseconds(1));

        var fault = await Assert.ThrowsAsync<KubernetesApiException>(() => answer);
        Assert.True(wasPending);
        Assert.Equal("Timeout", fault.Reason);
    }
}
