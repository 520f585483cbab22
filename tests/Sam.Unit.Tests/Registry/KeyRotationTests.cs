using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using CsCheck;
using Sam.Operator.Registry;
using Sam.Operator.Registry.Keys;

namespace Sam.Unit.Tests.Registry;

/// <summary>A key is published, then used, then accepted until its last token ended.</summary>
public sealed class KeyRotationTests : IDisposable
{
    private readonly RegistryRoom _room = new(
        new RegistryOptions
        {
            Trusted = RegistryRoom.Default().Trusted,
            RotateEvery = TimeSpan.FromDays(30),
            PublishAhead = TimeSpan.FromDays(1),
        }
    );

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task The_first_key_is_published_and_signs_at_once()
    {
        await KeepAsync();

        var ring = await _room.RingAsync();
        Assert.Equal(_room.Clock.GetUtcNow(), Assert.Single(ring.Keys).SignsFrom);
        Assert.Equal(ring.Bundle(), _room.Bundle());
    }

    [Fact]
    public async Task A_key_of_thirty_days_gets_a_successor_that_is_published_a_day_before_it_signs()
    {
        await KeepAsync();
        var old = Assert.Single((await _room.RingAsync()).Keys).Thumbprint;

        await KeepAsync(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.Single((await _room.RingAsync()).Keys);
        await KeepAsync(TimeSpan.FromSeconds(1));
        var ring = await _room.RingAsync();

        Assert.Equal(2, Certificates(_room.Bundle()));
        Assert.Equal([old, old], new[] { ring.Signer(Now).Thumbprint, ring.Signer(Now.AddDays(1).AddSeconds(-1)).Thumbprint });
        Assert.Equal(ring.Keys[1].Thumbprint, ring.Signer(Now.AddDays(1)).Thumbprint);
    }

    [Fact]
    public async Task The_old_key_is_accepted_until_its_last_token_ended_and_then_only_the_new_one()
    {
        await KeepAsync();
        await KeepAsync(TimeSpan.FromDays(30));
        var next = (await _room.RingAsync()).Keys[1].Thumbprint;
        await KeepAsync(TimeSpan.FromDays(1));

        await KeepAsync(KeyKeeper.LongestLife - TimeSpan.FromSeconds(1));
        Assert.Equal(2, Certificates(_room.Bundle()));
        await KeepAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(1, Certificates(_room.Bundle()));
        Assert.Equal(next, Assert.Single((await _room.RingAsync()).Keys).Thumbprint);
    }

    [Fact]
    public async Task An_annotation_asks_for_a_rotation_and_each_value_of_it_once()
    {
        await KeepAsync();
        Annotate("leaked-laptop");

        await KeepAsync(TimeSpan.FromMinutes(1));
        var ring = await _room.RingAsync();
        await KeepAsync(TimeSpan.FromDays(1) + KeyKeeper.LongestLife);
        await KeepAsync(TimeSpan.FromDays(1));

        Assert.Equal(2, ring.Keys.Length);
        Assert.Equal(ring.Keys[1].Thumbprint, Assert.Single((await _room.RingAsync()).Keys).Thumbprint);
        Annotate("another");
        await KeepAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(2, (await _room.RingAsync()).Keys.Length);
    }

    [Fact]
    public async Task A_key_whose_publication_fails_never_signs()
    {
        await KeepAsync();
        var reviews = _room.Cluster.Fault;
        _room.Cluster.Fault = request =>
            request.Path.Contains("configmaps", StringComparison.Ordinal)
                ? Sam.Testing.MemoryApi.MemoryCluster.Refuse(503, "ServiceUnavailable")
                : reviews(request);

        _room.Clock.Advance(TimeSpan.FromDays(30));
        await Assert.ThrowsAnyAsync<Exception>(() => KeepAsync());
        _room.Clock.Advance(TimeSpan.FromDays(30));
        await Assert.ThrowsAnyAsync<Exception>(() => KeepAsync());
        var ring = await _room.RingAsync();

        Assert.Equal(2, ring.Keys.Length);
        Assert.Equal(ring.Keys[0], ring.Signer(Now));
        _room.Cluster.Fault = reviews;
        await KeepAsync();
        Assert.Equal(Now.AddDays(1), (await _room.RingAsync()).Keys[1].SignsFrom);
    }

    [Fact]
    public async Task A_Secret_that_cannot_be_read_is_never_overwritten_and_what_was_known_signs_on()
    {
        await KeepAsync();
        var token = await _room.MintedAsync(RegistryRoom.Grant());
        _room.Cluster.Change(
            RegistryRoom.KeysPath,
            secret => secret["data"] = new JsonObject { ["keys.json"] = Convert.ToBase64String("{}"u8) }
        );

        _room.Clock.Advance(TimeSpan.FromMinutes(10));
        var fault = await Assert.ThrowsAsync<InvalidDataException>(() => KeepAsync());

        Assert.Contains("sam-system/sam-registry-signer", fault.Message, StringComparison.Ordinal);
        Assert.NotEqual(token.Reveal(), (await _room.MintedAsync(RegistryRoom.Grant())).Reveal());
    }

    [Fact]
    public async Task A_Secret_that_is_deleted_makes_way_for_a_new_key_and_nothing_of_the_old_one_is_accepted()
    {
        await KeepAsync();
        var old = Assert.Single((await _room.RingAsync()).Keys).Thumbprint;
        _room.Cluster.Remove(RegistryRoom.KeysPath);

        await KeepAsync(TimeSpan.FromSeconds(30));

        Assert.NotEqual(old, Assert.Single((await _room.Keys.RingAsync(CancellationToken.None)).Keys).Thumbprint);
        Assert.Equal(1, Certificates(_room.Bundle()));
        Assert.DoesNotContain(old, _room.Cluster.Find(RegistryRoom.TrustPath)!.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_that_rotate_at_once_one_is_refused_and_both_end_with_the_same_keys()
    {
        await KeepAsync();
        _room.Clock.Advance(TimeSpan.FromDays(30));
        var other = 0;
        _room.Cluster.Before = request =>
        {
            if (request.Method == HttpMethod.Put && other++ == 0)
                _room.Cluster.Change(
                    RegistryRoom.KeysPath,
                    secret => secret["metadata"]!["annotations"] = new JsonObject { ["somebody"] = "else" }
                );
        };

        var conflict = await Assert.ThrowsAsync<Sam.Runtime.Transport.KubernetesApiException>(() => KeepAsync());
        await KeepAsync();

        Assert.True(conflict.IsConflict);
        Assert.Equal((await _room.RingAsync()).Bundle(), _room.Bundle());
        Assert.Equal(2, Certificates(_room.Bundle()));
    }

    /// <summary>Whatever dies, is late or is asked for: what signs was published long enough, and two keys at most are accepted.</summary>
    [Fact]
    public void Random_lives_never_sign_with_a_key_that_registries_had_no_time_to_read()
    {
        var step = Gen.Select(Gen.Int[0, 5], Gen.Int[1, 60 * 48]);
        step.Array[1, 40].Sample(steps => LiveAsync(steps).GetAwaiter().GetResult(), iter: 40, threads: 1);
    }

    private static async Task LiveAsync((int Kind, int Minutes)[] steps)
    {
        var options = new RegistryOptions { Trusted = RegistryRoom.Default().Trusted, RotateEvery = TimeSpan.FromDays(3) };
        using var room = new RegistryRoom(options);
        await room.Keeper.KeepAsync(CancellationToken.None);
        var published = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var (kind, minutes) in steps)
        {
            room.Clock.Advance(TimeSpan.FromMinutes(minutes));
            if (kind == 0)
                room.Start();
            if (kind == 1)
                room.Cluster.Change(
                    RegistryRoom.KeysPath,
                    secret => secret["metadata"]!["annotations"] = new JsonObject { ["sam.dev/rotate"] = $"{minutes}" }
                );
            await LookAsync(room, failsAt: kind);
            var now = room.Clock.GetUtcNow();
            foreach (var thumbprint in Thumbprints(room))
                published.TryAdd(thumbprint, now);
            var ring = await room.RingAsync();
            var signer = ring.Signer(now);
            Assert.InRange(ring.Keys.Length, 1, 2);
            Assert.Contains(signer.Thumbprint, Thumbprints(room));
            Assert.True(
                published.Count == 1
                    || now - published[signer.Thumbprint] >= options.PublishAhead
                    || published.Keys.First() == signer.Thumbprint
            );
        }
    }

    /// <summary>One look; of some kinds one write fails in the middle of it.</summary>
    private static async Task LookAsync(RegistryRoom room, int failsAt)
    {
        var reviews = room.Cluster.Fault;
        var writes = 0;
        room.Cluster.Fault = request =>
            request.Method == HttpMethod.Put && ++writes == failsAt - 1
                ? Sam.Testing.MemoryApi.MemoryCluster.Refuse(500, "InternalError")
                : reviews(request);
        try
        {
            await room.Keeper.KeepAsync(CancellationToken.None);
        }
        catch (Sam.Runtime.Transport.KubernetesApiException)
        {
            // the next look goes on
        }
        finally
        {
            room.Cluster.Fault = reviews;
        }
    }

    private static IEnumerable<string> Thumbprints(RegistryRoom room) =>
        JsonNode.Parse(room.Cluster.Find(RegistryRoom.TrustPath)!["data"]!["jwks.json"]!.GetValue<string>())!["keys"]!
            .AsArray()
            .Select(key => key!["kid"]!.GetValue<string>());

    private DateTimeOffset Now => _room.Clock.GetUtcNow();

    private Task KeepAsync(TimeSpan? after = null)
    {
        if (after is { } time)
            _room.Clock.Advance(time);
        return _room.Keeper.KeepAsync(CancellationToken.None);
    }

    private void Annotate(string value) =>
        _room.Cluster.Change(
            RegistryRoom.KeysPath,
            secret => secret["metadata"]!["annotations"] = new JsonObject { ["sam.dev/rotate"] = value }
        );

    private static int Certificates(string bundle)
    {
        var read = new X509Certificate2Collection();
        read.ImportFromPem(bundle);
        return read.Count;
    }
}
