using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Sam.Simulators.GitHub;

/// <summary>Signed events on their way to the receivers of the Apps.</summary>
public sealed class GitHubWebhooks : IDisposable
{
    internal static readonly IReadOnlyList<string> Events = ["issue_comment", "issues", "pull_request", "push", "repository"];

    private readonly GitHubWorld _world;
    private readonly GitHubFaults _faults;
    private readonly HttpClient _http;
    private readonly Queue<GitHubDelivery> _waiting = [];
    private readonly List<GitHubDelivery> _all = [];
    private readonly SemaphoreSlim _oneByOne = new(1, 1);
    private long _count;

    internal GitHubWebhooks(GitHubWorld world, GitHubFaults faults)
    {
        (_world, _faults) = (world, faults);
        _http = world.Options.WebhookHandler is { } handler ? new HttpClient(handler, disposeHandler: false) : new HttpClient();
    }

    /// <summary>Called after events were put into the queue, by whom the simulator runs with sockets.</summary>
    internal Action? Raised { get; set; }

    /// <summary>Every event there ever was, sent or not.</summary>
    public IReadOnlyList<GitHubDelivery> Deliveries
    {
        get
        {
            lock (_world.Lock)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Sends what waits, one after the other, on the caller's own thread.</summary>
    public async Task DeliverAsync(CancellationToken cancellationToken)
    {
        await _oneByOne.WaitAsync(cancellationToken);
        try
        {
            while (Next() is { } delivery)
            {
                await SendAsync(delivery, cancellationToken);
            }
        }
        finally
        {
            _oneByOne.Release();
        }
    }

    /// <summary>Sends an event once more under its old id, as a person does who presses the button.</summary>
    public Task RedeliverAsync(GitHubDelivery delivery, CancellationToken cancellationToken) =>
        SendAsync(delivery, cancellationToken);

    /// <summary>Puts an event of one's own making into the queue of every App that is installed for the repository.</summary>
    public void Raise(string name, SimulatedRepository repository, JsonObject payload)
    {
        lock (_world.Lock)
        {
            foreach (var installation in _world.Installations.Values.Where(found => found.Reaches(repository)))
            {
                Raise(name, installation, repository, payload);
            }
        }
        Raised?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _oneByOne.Dispose();
    }

    // The lock is held.
    internal void Raise(string name, SimulatedInstallation installation, SimulatedRepository? repository, JsonObject payload)
    {
        if (installation.App.WebhookUrl is not { } url)
        {
            return;
        }
        var shapes = new Shapes(_world.BaseAddress);
        var whole = payload.DeepClone().AsObject();
        if (repository is not null)
        {
            whole["repository"] = shapes.Repository(repository);
        }
        whole["installation"] ??= new JsonObject { ["id"] = installation.Id, ["node_id"] = Shapes.Node("I", installation.Id) };
        whole["sender"] ??= shapes.Account("somebody", "User");
        var id = new Guid(Digest($"{_world.Options.Seed} {++_count}"));
        var delivery = new GitHubDelivery(id, name, installation.App, url, whole.ToJsonString());
        _all.Add(delivery);
        if (Struck(GitHubFaults.WebhookLost, name) is null)
        {
            _waiting.Enqueue(delivery);
        }
        if (Struck(GitHubFaults.WebhookTwice, name) is not null)
        {
            _waiting.Enqueue(delivery);
        }
    }

    private GitHubDelivery? Next()
    {
        lock (_world.Lock)
        {
            return _waiting.TryDequeue(out var delivery) ? delivery : null;
        }
    }

    private async Task SendAsync(GitHubDelivery delivery, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, delivery.Url);
        var body = Encoding.UTF8.GetBytes(delivery.Payload);
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("GitHub-Hookshot", "sim"));
        request.Headers.Add("X-GitHub-Event", delivery.Event);
        request.Headers.Add("X-GitHub-Delivery", $"{delivery.Id:D}");
        request.Headers.Add("X-GitHub-Hook-ID", $"{delivery.App.Id}");
        request.Headers.Add("X-GitHub-Hook-Installation-Target-Type", "integration");
        request.Headers.Add("X-GitHub-Hook-Installation-Target-ID", $"{delivery.App.Id}");
        if (delivery.App.WebhookSecret is { } secret && Struck(GitHubFaults.WebhookUnsigned, delivery.Event) is null)
        {
            secret = Struck(GitHubFaults.WebhookForged, delivery.Event) is null ? secret : $"not {secret}";
            request.Headers.Add("X-Hub-Signature-256", Sign(secret, body));
        }
        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            delivery.Tried((int)response.StatusCode);
        }
        catch (HttpRequestException)
        {
            delivery.Tried(0); // GitHub notes it and goes on; nobody tries again by himself
        }
    }

    /// <summary>The signature GitHub puts over a body.</summary>
    public static string Sign(string secret, byte[] body) =>
        $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body))}";

    private GitHubFault? Struck(string fault, string name) =>
        _faults.Take(fault, candidate => candidate.Path is null || candidate.Path == name);

    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
}

/// <summary>One event for one App: what it says, and what its receiver answered.</summary>
public sealed class GitHubDelivery
{
    private readonly List<int> _statuses = [];

    internal GitHubDelivery(Guid id, string name, SimulatedApp app, Uri url, string payload) =>
        (Id, Event, App, Url, Payload) = (id, name, app, url, payload);

    /// <summary>`X-GitHub-Delivery`.</summary>
    public Guid Id { get; }

    /// <summary>`X-GitHub-Event`.</summary>
    public string Event { get; }

    /// <summary>Whose receiver it goes to.</summary>
    public SimulatedApp App { get; }

    /// <summary>Where that is.</summary>
    public Uri Url { get; }

    /// <summary>The body, byte for byte.</summary>
    public string Payload { get; }

    /// <summary>What the receiver answered, one status an attempt; 0 is no answer.</summary>
    public IReadOnlyList<int> Statuses
    {
        get
        {
            lock (_statuses)
            {
                return [.. _statuses];
            }
        }
    }

    internal void Tried(int status)
    {
        lock (_statuses)
        {
            _statuses.Add(status);
        }
    }
}
