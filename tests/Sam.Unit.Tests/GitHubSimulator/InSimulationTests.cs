using System.Net;
using System.Net.Http.Headers;
using Sam.Simulators.GitHub;
using Sam.Testing.Simulations;
using Sam.Unit.Tests.Simulations;

namespace Sam.Unit.Tests.SimulatedGitHub;

/// <summary>The in-process front lives on the one thread of the deterministic simulation.</summary>
public sealed class InSimulationTests
{
    [Theory, Seeds(10)]
    public void An_hour_of_a_token_passes_in_virtual_time(int seed) => Simulation.Run(seed, LifeAsync);

    [Fact]
    public void The_same_seed_replays_the_same_run()
    {
        var (first, second) = (Simulation.Run(7, LifeAsync), Simulation.Run(7, LifeAsync));

        Assert.Equal(first.Fingerprint, second.Fingerprint);
    }

    private static async Task LifeAsync(Simulation sim)
    {
        await using var simulator = GitHubSimulator.Create(new GitHubSimulatorOptions { TimeProvider = sim.Clock });
        var app = simulator.Apps.Add("sam", new SimulatedAppOptions { PrivateKeyPem = GitHubBench.Key });
        var repository = simulator.Repositories.Add("acme", "shop");
        var installation = simulator.Install(app, repository);
        using var http = new HttpMessageInvoker(simulator.CreateHandler());
        async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string secret)
        {
            using var request = new HttpRequestMessage(method, new Uri(simulator.Endpoint, path));
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("sam-tests", "1"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            sim.AssertInside("the answer");
            return response.StatusCode;
        }

        simulator.Faults.Play(new GitHubFault(GitHubFaults.Slow) { Count = 1, Delay = TimeSpan.FromSeconds(20) });
        var jwt = app.SignJwt(sim.Clock.GetUtcNow());
        var mints = await Task.WhenAll(
            Enumerable
                .Range(0, 5)
                .Select(_ => SendAsync(HttpMethod.Post, $"app/installations/{installation.Id}/access_tokens", jwt))
        );
        var late = sim.Elapsed;
        var token = simulator.Mints[0].Token;
        var before = await SendAsync(HttpMethod.Get, "repos/acme/shop", token);
        await sim.AdvanceAsync(TimeSpan.FromHours(1));
        var after = await SendAsync(HttpMethod.Get, "repos/acme/shop", token);

        Assert.All(mints, status => Assert.Equal(HttpStatusCode.Created, status));
        Assert.Equal(TimeSpan.FromSeconds(20), late);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (before, after));
        Assert.Empty(simulator.LiveTokens());
    }
}
