using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Sam.Operator.Credentials.Probes;
using Sam.Rules.Credentials;

namespace Sam.Unit.Tests.Credentials;

/// <summary>One cheap call for each new key: to the provider's own address, never to one that a user wrote.</summary>
public sealed class ModelProbeTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly StubProvider _provider = new();
    private readonly HttpMessageInvoker _http;

    public ModelProbeTests() => _http = new HttpMessageInvoker(_provider);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http.Dispose();
        _provider.Dispose();
    }

    [Theory]
    [InlineData("anthropic", "https://api.anthropic.com/v1/models", "x-api-key: k; anthropic-version: 2023-06-01")]
    [InlineData("openai", "https://api.openai.com/v1/models", "Authorization: Bearer k")]
    [InlineData("google", "https://generativelanguage.googleapis.com/v1beta/models", "x-goog-api-key: k")]
    public async Task Models_are_listed_with_the_key_where_the_provider_wants_it(string consumer, string address, string headers)
    {
        var outcome = await Probe().TryAsync(consumer, Key(CredentialForm.ApiKey), Cancel);

        Assert.Equal(ProbeVerdict.Accepted, outcome.Verdict);
        Assert.Equal([$"GET {address} {headers}"], _provider.Seen);
    }

    [Theory]
    [InlineData(HttpStatusCode.OK, ProbeVerdict.Accepted)]
    [InlineData(HttpStatusCode.Unauthorized, ProbeVerdict.Refused)]
    [InlineData(HttpStatusCode.Forbidden, ProbeVerdict.Refused)]
    [InlineData(HttpStatusCode.TooManyRequests, ProbeVerdict.Unanswered)]
    [InlineData(HttpStatusCode.NotFound, ProbeVerdict.Unanswered)]
    [InlineData(HttpStatusCode.Found, ProbeVerdict.Unanswered)]
    [InlineData(HttpStatusCode.InternalServerError, ProbeVerdict.Unanswered)]
    internal async Task Only_the_providers_word_about_the_key_counts(HttpStatusCode code, ProbeVerdict verdict)
    {
        _provider.Answer = _ => Task.FromResult(new HttpResponseMessage(code));

        Assert.Equal(verdict, (await Probe().TryAsync("openai", Key(CredentialForm.ApiKey), Cancel)).Verdict);
    }

    [Fact]
    public async Task A_provider_that_is_not_there_or_silent_says_nothing()
    {
        _provider.Answer = _ => throw new HttpRequestException("no route");
        Assert.Equal(ProbeVerdict.Unanswered, (await Probe().TryAsync("openai", Key(CredentialForm.ApiKey), Cancel)).Verdict);

        _provider.Answer = async token =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
            return new HttpResponseMessage();
        };
        var silent = Probe().TryAsync("openai", Key(CredentialForm.ApiKey), Cancel);
        _time.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(ProbeVerdict.Unanswered, (await silent).Verdict);
    }

    [Fact]
    public void An_address_of_a_user_is_not_called_unless_the_platform_trusts_its_host()
    {
        var inside = Key(CredentialForm.OpenAICompatible, "https://kubernetes.default.svc/api");
        var gateway = Key(CredentialForm.OpenAICompatible, "https://gateway.test/v1");
        var moved = Key(CredentialForm.ApiKey, "https://kubernetes.default.svc/");

        Assert.False(Probe().CanTry("openai", inside));
        Assert.False(Probe().CanTry("openai", gateway));
        Assert.False(Probe().CanTry("anthropic", moved));
        Assert.True(Probe("gateway.test").CanTry("opencode", gateway));
    }

    [Fact]
    public void What_is_no_key_is_not_tried()
    {
        Assert.False(Probe().CanTry("anthropic", Key(CredentialForm.OAuthToken)));
        Assert.False(Probe().CanTry("openai", Key(CredentialForm.AuthJson)));
        Assert.False(Probe().CanTry("unheard-of", Key(CredentialForm.ApiKey)));
    }

    [Fact]
    public async Task An_answer_is_remembered_by_value_and_a_bad_one_not_for_ever()
    {
        var memory = new ProbeMemory([Probe()], _time, NullLogger<ProbeMemory>.Instance);
        _provider.Answer = _ => Task.FromResult(new HttpResponseMessage(HttpStatusCode.Unauthorized));

        for (var time = 0; time < 3; time++)
            Assert.Equal(ProbeVerdict.Refused, (await KnowAsync(memory, "k")).Verdict);
        await KnowAsync(memory, "another");
        Assert.Equal(2, _provider.Seen.Count);

        _provider.Answer = _ => Task.FromResult(new HttpResponseMessage());
        _time.Advance(ProbeMemory.LifeOf(ProbeVerdict.Refused));
        Assert.Equal(ProbeVerdict.Accepted, (await KnowAsync(memory, "k")).Verdict);
        _time.Advance(TimeSpan.FromDays(1));
        await KnowAsync(memory, "k");
        Assert.Equal(3, _provider.Seen.Count);
    }

    [Fact]
    public async Task Many_that_ask_at_once_cause_one_call_and_are_all_told()
    {
        var memory = new ProbeMemory([Probe()], _time, NullLogger<ProbeMemory>.Instance);
        var gate = new TaskCompletionSource<HttpResponseMessage>();
        _provider.Answer = _ => gate.Task;

        var waiting = Enumerable.Range(0, 20).Select(_ => KnowAsync(memory, "k")).ToList();
        gate.SetResult(new HttpResponseMessage());

        Assert.All(await Task.WhenAll(waiting), outcome => Assert.Equal(ProbeVerdict.Accepted, outcome.Verdict));
        Assert.Single(_provider.Seen);
    }

    [Fact]
    public async Task A_probe_that_fails_unforeseen_is_an_answer_too()
    {
        var memory = new ProbeMemory([Probe()], _time, NullLogger<ProbeMemory>.Instance);
        _provider.Answer = _ => throw new InvalidOperationException("unforeseen");

        Assert.Equal(ProbeVerdict.Unanswered, (await KnowAsync(memory, "k")).Verdict);
    }

    [Fact]
    public void Addresses_that_are_not_https_are_refused_at_the_start()
    {
        var problems = new ModelEndpoints { OpenAI = new Uri("http://api.test/") }.Problems();

        Assert.Equal(["Sam:Models:OpenAI: 'http://api.test/' is no absolute https address"], problems);
    }

    private static async Task<ProbeOutcome> KnowAsync(ProbeMemory memory, string key)
    {
        var known = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var credential = new Credential(CredentialForm.ApiKey, key);
        if (memory.Ask("openai", credential, known.SetResult) is { } outcome)
            return outcome;
        await known.Task.WaitAsync(Cancel);
        return memory.Ask("openai", credential, () => { })!;
    }

    private ModelProbe Probe(params string[] trusted) => new(new ModelEndpoints { TrustedHosts = trusted }, _http, _time);

    private static Credential Key(CredentialForm form, string? address = null) =>
        new(form, "k") { BaseUrl = address is null ? null : new Uri(address) };

    private sealed class StubProvider : HttpMessageHandler
    {
        public List<string> Seen { get; } = [];

        public Func<CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } =
            _ => Task.FromResult(new HttpResponseMessage());

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var headers = string.Join("; ", request.Headers.Select(header => $"{header.Key}: {string.Join(',', header.Value)}"));
            Seen.Add($"{request.Method} {request.RequestUri} {headers}");
            return Answer(cancellationToken);
        }
    }
}
