using k8s.Models;
using Sam.Operator.Clients.Docker;
using Sam.Operator.Clients.Docker.RecordOnly;
using Sam.Operator.Controllers.ComposeApps;
using Sam.Operator.Registry;
using Sam.Runtime.Leases;
using Sam.Runtime.Resources;
using Sam.Testing;

namespace Sam.Unit.Tests.Registry;

/// <summary>A pull may last longer than the token that it began with.</summary>
public sealed class LongPullTests : IDisposable
{
    private static readonly string s_image = $"{RegistryRoom.Host}/team/shop@sha256:{new string('1', 64)}";
    private static readonly TimeSpan s_slow = TimeSpan.FromMinutes(16);
    private readonly RegistryRoom _room = new();
    private readonly RecordOnlyEngine _engine;

    public LongPullTests() => _engine = new RecordOnlyEngine(_room.Clock);

    [Fact]
    public async Task A_token_that_ends_in_a_pull_is_renewed_and_the_pull_goes_on()
    {
        await _room.Keeper.KeepAsync(CancellationToken.None);
        _engine.Faults.Slow("PullImage", s_slow).Fail("PullImage", EngineErrorKind.RegistryUnauthorized);

        var pulled = PullAsync();
        for (var look = 0; look < 3 && !pulled.IsCompleted; look++)
            _room.Clock.Advance(s_slow);
        await pulled;

        Assert.Equal(2, _engine.CountOf("PullImage"));
        var (_, login) = Assert.Single(_engine.Pulls);
        Assert.Equal(2, _room.Events.Count(told => told.Contains("RegistryTokenMinted", StringComparison.Ordinal)));
        Assert.NotNull(login!.RegistryToken);
    }

    [Fact]
    public async Task A_registry_that_refuses_a_token_in_force_is_believed()
    {
        await _room.Keeper.KeepAsync(CancellationToken.None);
        _engine.Faults.Fail("PullImage", EngineErrorKind.RegistryUnauthorized, 2);

        var refused = await Assert.ThrowsAsync<EngineException>(PullAsync);

        Assert.Equal(EngineErrorKind.RegistryUnauthorized, refused.Kind);
        Assert.Equal(1, _engine.CountOf("PullImage"));
    }

    private Task PullAsync()
    {
        var signed = new SignedAccess(_room.Tokens, new RegistryDirectory(_room.Options.Trusted), _room.Clock);
        var secrets = new KubernetesResourceClient<V1Secret>(_room.Cluster, new AlwaysLeader(), []);
        var app = A.App().With(app => (app.Metadata.NamespaceProperty, app.Metadata.Uid) = ("team", "0a1b2c3d"));
        return new ImagePulls(new RegistryLogins(secrets, signed), _room.Clock).PullAsync(
            s_image,
            app,
            _engine,
            CancellationToken.None
        );
    }

    public void Dispose()
    {
        _engine.Dispose();
        _room.Dispose();
    }
}
