namespace Sam.Unit.Tests.Hetzner;

/// <summary>Answers requests by script, without a socket.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    : HttpMessageHandler
{
    public List<string> Requests { get; } = [];

    public static StubHandler Answering(int status, string body, params (string Name, string Value)[] headers) =>
        new(
            (_, _) =>
            {
                var response = new HttpResponseMessage((System.Net.HttpStatusCode)status) { Content = new StringContent(body) };
                foreach (var (name, value) in headers)
                {
                    response.Headers.Add(name, value);
                }
                return Task.FromResult(response);
            }
        );

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests.Add($"{request.Method} {request.RequestUri!.PathAndQuery}");
        return answer(request, cancellationToken);
    }
}
