using System.Collections.ObjectModel;
using System.Security.Cryptography;

namespace Sam.Simulators.GitHub;

/// <summary>What an App is made of; a member left out gets a sensible value.</summary>
public sealed record SimulatedAppOptions
{
    /// <summary>Its private key; null makes one.</summary>
    public string? PrivateKeyPem { get; init; }

    /// <summary>What the App asks of those who install it.</summary>
    public IReadOnlyDictionary<string, string> Permissions { get; init; } =
        new Dictionary<string, string>
        {
            ["metadata"] = "read",
            ["contents"] = "write",
            ["pull_requests"] = "write",
            ["issues"] = "write",
            ["checks"] = "write",
            ["statuses"] = "write",
            ["actions"] = "read",
        };

    /// <summary>Where its events go.</summary>
    public Uri? WebhookUrl { get; init; }

    /// <summary>What its events are signed with.</summary>
    public string? WebhookSecret { get; init; }
}

/// <summary>One registered App: its ids, its keys, what it asks for.</summary>
public sealed class SimulatedApp : IDisposable
{
    private readonly GitHubWorld _world;
    private readonly List<RSA> _keys = [];

    internal SimulatedApp(GitHubWorld world, long id, string slug, SimulatedAppOptions options)
    {
        (_world, Id, Slug, Permissions) = (world, id, slug, new Dictionary<string, string>(options.Permissions));
        (WebhookUrl, WebhookSecret, CreatedAt) = (options.WebhookUrl, options.WebhookSecret, world.Now);
        ClientId = $"Iv23li{id:D14}";
        PrivateKeyPem = Learn(options.PrivateKeyPem);
    }

    /// <summary>The App id, one of the two accepted issuers.</summary>
    public long Id { get; }

    /// <summary>The client id, the other accepted issuer.</summary>
    public string ClientId { get; }

    /// <summary>Its name in addresses.</summary>
    public string Slug { get; }

    /// <summary>Its newest private key, PKCS#1 as GitHub hands it out.</summary>
    public string PrivateKeyPem { get; private set; }

    /// <summary>What the App asks of those who install it.</summary>
    public IReadOnlyDictionary<string, string> Permissions { get; internal set; }

    /// <summary>Where its events go.</summary>
    public Uri? WebhookUrl { get; set; }

    /// <summary>What its events are signed with.</summary>
    public string? WebhookSecret { get; set; }

    internal DateTimeOffset CreatedAt { get; }

    internal ReadOnlyCollection<RSA> Keys => _keys.AsReadOnly();

    /// <summary>Adds a key, which becomes <see cref="PrivateKeyPem"/>; older ones go on working until <see cref="ForgetOldKeys"/>.</summary>
    public string AddKey(string? pem = null)
    {
        lock (_world.Lock)
        {
            return PrivateKeyPem = Learn(pem);
        }
    }

    /// <summary>Forgets every key but the newest.</summary>
    public void ForgetOldKeys()
    {
        lock (_world.Lock)
        {
            _keys[..^1].ForEach(key => key.Dispose());
            _keys.RemoveRange(0, _keys.Count - 1);
        }
    }

    /// <summary>Changes what the App asks for; installations keep what they granted unless told to accept.</summary>
    public void Ask(IReadOnlyDictionary<string, string> permissions)
    {
        lock (_world.Lock)
        {
            Permissions = new Dictionary<string, string>(permissions);
        }
    }

    /// <summary>A JWT of this App's newest key, as a client would sign it.</summary>
    public string SignJwt(DateTimeOffset issued, TimeSpan? lifetime = null, string? issuer = null) =>
        JwtText.Sign(_keys[^1], issuer ?? $"{Id}", issued, issued + (lifetime ?? TimeSpan.FromMinutes(10)));

    /// <inheritdoc/>
    public void Dispose() => _keys.ForEach(key => key.Dispose());

    private string Learn(string? pem)
    {
        var key = pem is null ? RSA.Create(2048) : RSA.Create();
        if (pem is not null)
        {
            key.ImportFromPem(pem);
        }
        _keys.Add(key);
        return pem ?? key.ExportRSAPrivateKeyPem();
    }
}

/// <summary>The Apps that are registered.</summary>
public sealed class SimulatedApps
{
    private readonly GitHubWorld _world;

    internal SimulatedApps(GitHubWorld world) => _world = world;

    /// <summary>Registers an App.</summary>
    public SimulatedApp Add(string slug, SimulatedAppOptions? options = null)
    {
        lock (_world.Lock)
        {
            var app = new SimulatedApp(_world, _world.NextAppId(), slug, options ?? new SimulatedAppOptions());
            _world.Apps.Add(app.Id, app);
            return app;
        }
    }

    /// <summary>Deletes an App with its installations and tokens.</summary>
    public void Remove(SimulatedApp app)
    {
        lock (_world.Lock)
        {
            foreach (var installation in _world.InstallationsOf(app).ToList())
            {
                installation.Uninstall();
            }
            _world.Apps.Remove(app.Id);
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<SimulatedApp> All()
    {
        lock (_world.Lock)
        {
            return [.. _world.Apps.Values];
        }
    }
}
