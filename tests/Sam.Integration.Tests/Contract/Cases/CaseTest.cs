using System.Text.Json.Nodes;
using Sam.Integration.Tests.Kit;
using Sam.Runtime.Transport;

namespace Sam.Integration.Tests.Contract.Cases;

/// <summary>Requests of SAM's own kind, in a namespace of the test, to whatever API server is to be tested against.</summary>
public abstract class CaseTest(SharedCluster shared) : IAsyncLifetime
{
    protected const string Merge = "application/merge-patch+json";
    protected const string JsonPatch = "application/json-patch+json";
    protected const string Apply = "application/apply-patch+yaml";
    protected const string Metadata = "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
    protected const string MetadataList = "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
    protected const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The namespace of the test.</summary>
    protected string Home { get; } = $"t-case-{Guid.NewGuid().ToString("N")[..10]}";

    protected string Maps => $"/api/v1/namespaces/{Home}/configmaps";

    protected string Apps => Sam("composeapps");

    protected string Machines => Sam("machines");

    public async ValueTask InitializeAsync() =>
        Assert.Equal(
            201,
            (
                await PostAsync(
                    "/api/v1/namespaces",
                    $$"""{"metadata":{"name":"{{Home}}","labels":{"app.kubernetes.io/managed-by":"sam-tests"} } }"""
                )
            ).Code
        );

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await SendAsync(HttpMethod.Delete, $"/api/v1/namespaces/{Home}");
    }

    protected static string App(string name, string spec = "\"compose\":\"services: {}\"", string more = "") =>
        $$$"""{"apiVersion":"sam.dev/v1alpha1","kind":"ComposeApp","metadata":{"name":"{{{name}}}"{{{more}}}},"spec":{"nodeRef":{"name":"edge"},{{{spec}}}}}""";

    protected static string MachineOf(string name, string more = "") =>
        $$$"""{"apiVersion":"sam.dev/v1alpha1","kind":"Machine","metadata":{"name":"{{{name}}}"},"spec":{"machineId":"abcdefghijkl","role":"Deployment","offers":[{"serverType":"cx33","location":"fsn1"}]{{{more}}}}}""";

    protected static string Map(string name, string more = "") =>
        $$$"""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"{{{name}}}"{{{more}}}},"data":{"a":"b"}}""";

    protected string Sam(string plural) => $"/apis/sam.dev/v1alpha1/namespaces/{Home}/{plural}";

    protected Task<CaseAnswer> GetAsync(string path, string accept = "application/json") =>
        SendAsync(HttpMethod.Get, path, accept: accept);

    protected Task<CaseAnswer> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body);

    protected Task<CaseAnswer> PatchAsync(string path, string body, string type = Merge) =>
        SendAsync(HttpMethod.Patch, path, body, type);

    /// <summary>Creates what must be there for the case.</summary>
    protected async Task<CaseAnswer> MadeAsync(string path, string body)
    {
        var made = await PostAsync(path, body);
        Assert.True(made.Code == 201, made.Body.ToJsonString());
        return made;
    }

    protected async Task<CaseAnswer> SendAsync(
        HttpMethod method,
        string path,
        string? body = null,
        string type = "application/json",
        string accept = "application/json"
    )
    {
        var request = new TransportRequest(method, path)
        {
            Body = body,
            ContentType = type,
            Accept = accept,
        };
        using var response = await shared.Cluster.Transport.SendAsync(request, Cancel);
        return new CaseAnswer(response.Code, (await JsonNode.ParseAsync(response.Body, cancellationToken: Cancel))!);
    }

    /// <summary>The first lines of a watch, each as an answer: <c>type</c> and <c>object</c>.</summary>
    protected async Task<IReadOnlyList<CaseAnswer>> WatchAsync(
        string path,
        string query,
        int count,
        string accept = "application/json"
    )
    {
        var request = new TransportRequest(HttpMethod.Get, $"{path}?watch=1&{query}") { IsWatch = true, Accept = accept };
        using var response = await shared.Cluster.Transport.SendAsync(request, Cancel);
        var lines = new List<CaseAnswer>();
        while (lines.Count < count && await response.Lines.ReadLineAsync(Cancel) is { } line)
            lines.Add(new CaseAnswer(response.Code, JsonNode.Parse(line)!));
        return lines;
    }
}
