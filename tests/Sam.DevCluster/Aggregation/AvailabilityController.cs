using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Http;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Security;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Aggregation;

/// <summary>Asks extension servers whether they are there, sets <c>Available</c> and keeps what they serve for discovery.</summary>
internal sealed class AvailabilityController(
    ObjectWriter writer,
    ExtensionRegistry registry,
    ExtensionProxy proxy,
    Func<string, string, int, string?> services
)
{
    private const string Aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly Channel<bool> _wanted = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite }
    );
    private readonly CancellationTokenSource _ending = new();
    private readonly ResourceType _type = writer.Catalog.FindKind("apiregistration.k8s.io/v1", "APIService")!;
    private Task _running = Task.CompletedTask;

    /// <summary>What each APIService by name serves, as the aggregated form of its version.</summary>
    public ConcurrentDictionary<string, JsonObject> Served { get; } = new();

    public void Start() => _running = Task.Run(RunAsync);

    public void Handle(string shelf, StoreEvent change)
    {
        if (shelf == ExtensionRegistry.Shelf || shelf is "services")
            _wanted.Writer.TryWrite(true);
        if (shelf == ExtensionRegistry.Shelf && change.Kind == ChangeKind.Deleted)
            Served.TryRemove(change.Object.Name, out _);
    }

    public async Task StopAsync()
    {
        await _ending.CancelAsync();
        await _running;
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, writer.Time);
        var tick = timer.WaitForNextTickAsync(_ending.Token).AsTask();
        var asked = _wanted.Reader.WaitToReadAsync(_ending.Token).AsTask();
        try
        {
            while (true)
            {
                await await Task.WhenAny(tick, asked);
                if (tick.IsCompleted)
                    tick = timer.WaitForNextTickAsync(_ending.Token).AsTask();
                while (_wanted.Reader.TryRead(out _)) { }
                if (asked.IsCompleted)
                    asked = _wanted.Reader.WaitToReadAsync(_ending.Token).AsTask();
                foreach (var extension in registry.All.ToList())
                    Set(extension.Name, await CheckAsync(extension, _ending.Token));
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            return; // the cluster ends
        }
    }

    private async Task<Condition> CheckAsync(Extension extension, CancellationToken cancellationToken)
    {
        if (extension.IsLocal)
            return new Condition(true, "Local", "Local APIServices are always available");
        if (extension.Locate(services) is not { } backend)
            return writer.Store.Get("services", extension.ServiceNamespace, extension.ServiceName) is null
                ? new Condition(
                    false,
                    "ServiceNotFound",
                    $"service/{extension.ServiceName} in \"{extension.ServiceNamespace}\" is not present"
                )
                : new Condition(
                    false,
                    "EndpointsNotFound",
                    $"cannot find endpoints for service/{extension.ServiceName} in \"{extension.ServiceNamespace}\""
                );
        var path = $"/apis/{extension.Group}/{extension.Version}";
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), TimeProvider.System);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var response = await proxy.AskAsync(extension, backend, path, null, ending.Token);
            if (!response.IsSuccessStatusCode)
                return Failed(extension, path, $"bad status from {extension.Root}{path}: {(int)response.StatusCode}");
            var list = JsonReading.Parse(await response.Content.ReadAsByteArrayAsync(ending.Token)) as JsonObject;
            Served[extension.Name] =
                await VersionAsync(extension, backend, ending.Token) ?? LegacyDiscovery.Version(extension, list);
            return new Condition(true, "Passed", "all checks passed");
        }
        catch (Exception fault)
            when (fault is HttpRequestException or IOException or System.Text.Json.JsonException
                || (fault is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            return Failed(extension, path, $"Get \"{extension.Root}{path}\": {BackendConnections.Describe(fault)}");
        }
    }

    /// <summary>The version in the aggregated form, from a server that knows it.</summary>
    private async Task<JsonObject?> VersionAsync(Extension extension, Backend backend, CancellationToken cancellationToken)
    {
        using var response = await proxy.AskAsync(extension, backend, "/apis", Aggregated, cancellationToken);
        if (!response.IsSuccessStatusCode)
            return null;
        var node = JsonReading.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken)) as JsonObject;
        return (node.Array("items") ?? [])
            .OfType<JsonObject>()
            .Where(group => group.At("metadata", "name").Text() == extension.Group)
            .SelectMany(group => group.Array("versions") ?? [])
            .OfType<JsonObject>()
            .FirstOrDefault(version => version.Text("version") == extension.Version)
            ?.Copy();
    }

    private static Condition Failed(Extension extension, string path, string why) =>
        new(false, "FailedDiscoveryCheck", $"failing or missing response from {extension.Root}{path}: {why}");

    private void Set(string name, Condition condition)
    {
        try
        {
            writer.Update(
                _type,
                "",
                name,
                "status",
                node =>
                {
                    condition.Write(node.Ensure("status"), writer.Now);
                    return node;
                },
                WriteOptions.Internal
            );
        }
        catch (StatusException fault) when (fault.Code == 404)
        {
            return; // gone in the meantime
        }
    }

    private sealed record Condition(bool IsTrue, string Reason, string Message)
    {
        public void Write(JsonObject status, string now)
        {
            if (status.Array("conditions") is not { } conditions)
                status["conditions"] = conditions = [];
            var known = conditions.OfType<JsonObject>().FirstOrDefault(entry => entry.Text("type") == "Available");
            var value = IsTrue ? "True" : "False";
            if (known is null)
                conditions.Add(known = new JsonObject { ["type"] = "Available" });
            if (known.Text("status") != value)
                known["lastTransitionTime"] = now;
            known["status"] = value;
            known["reason"] = Reason;
            known["message"] = Message;
        }
    }
}
