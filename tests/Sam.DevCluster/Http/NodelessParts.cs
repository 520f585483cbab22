using System.Text.Json.Nodes;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Json;
using Sam.DevCluster.Resources;
using Sam.DevCluster.Storage;

namespace Sam.DevCluster.Http;

/// <summary>What needs a running pod or node, answered as by a cluster in which none runs; eviction and binding of pods.</summary>
internal sealed class NodelessParts(ObjectWriter writer, ObjectDeleter deleter)
{
    private readonly ResourceType _pods = writer.Catalog.Find("", "v1", "pods")!;
    private readonly ResourceType _nodes = writer.Catalog.Find("", "v1", "nodes")!;
    private readonly ResourceType _services = writer.Catalog.Find("", "v1", "services")!;

    /// <summary>Answers a path below <c>/api/v1</c>; false when it is somebody else's.</summary>
    public async Task<bool> TryAnswerAsync(HttpContext context, string[] path)
    {
        var method = context.Request.Method;
        switch (path)
        {
            case ["namespaces", var home, "pods", var name, "log" or "exec" or "attach" or "portforward"]:
                throw Unreachable(Find(_pods, home, name));
            case ["namespaces", var home, "pods", var name, "proxy", ..]:
                Find(_pods, home, Bare(name));
                throw Failures.BadRequest("address not allowed");
            case ["namespaces", var home, "services", var name, "proxy", ..]:
                Find(_services, home, Bare(name));
                throw new StatusException(503, "ServiceUnavailable", $"no endpoints available for service \"{name}\"");
            case ["nodes", var name, "proxy", ..]:
                Find(_nodes, "", Bare(name));
                throw NoAddress();
            case ["namespaces", var home, "pods", var name, "eviction"] when method == "POST":
                await Evict(context, home, name);
                return true;
            case ["namespaces", var home, "pods", var name, "binding"] when method == "POST":
                await Bind(context, home, name);
                return true;
            case ["namespaces", var home, "bindings"] when method == "POST":
                await Bind(context, home, null);
                return true;
            case ["componentstatuses"] when method == "GET":
                await Answers.WriteAsync(context, 200, Components());
                return true;
            case ["componentstatuses", var name] when method == "GET":
                throw Failures.NotFound(UnstoredTypes.ComponentStatus, name);
            default:
                return false;
        }
    }

    private static JsonObject Components() =>
        new()
        {
            ["kind"] = "ComponentStatusList",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["items"] = new JsonArray(),
        };

    // Names of what is proxied may carry a scheme and a port: https:name:port.
    private static string Bare(string name) =>
        name.Split(':') switch
        {
            [_, var middle, _] => middle,
            [var first, ..] => first,
            _ => name,
        };

    private StoredObject Find(ResourceType type, string home, string name) =>
        writer.Store.Get(type.Shelf, home, name) ?? throw Failures.NotFound(type, name);

    private StatusException Unreachable(StoredObject pod)
    {
        if (pod.Read().At("spec", "nodeName").Text() is not { Length: > 0 } node)
            return Failures.BadRequest($"pod {pod.Name} does not have a host assigned");
        Find(_nodes, "", node);
        return NoAddress();
    }

    private static StatusException NoAddress() => Failures.Internal("no preferred addresses found; known addresses: []");

    private async Task Evict(HttpContext context, string home, string name)
    {
        var options = ResourceHandler.ReadOptions(context, "CreateOptions");
        await RequestBody.ReadAsync(context);
        var request = DeleteRequest.Plain with { DryRun = options.DryRun, Options = options };
        await Admission.GatedWork.RunAsync(options.Gate, () => deleter.Delete(_pods, home, name, request));
        await SucceedAsync(context);
    }

    private async Task Bind(HttpContext context, string home, string? name)
    {
        var options = ResourceHandler.ReadOptions(context, "CreateOptions");
        var bytes = await RequestBody.ReadAsync(context);
        var binding = RequestBody.Decode(bytes, context.Request.ContentType ?? "", UnstoredTypes.Binding, []);
        var pod = name ?? binding.Name();
        var node = binding.At("target", "name").Text();
        writer.Update(
            _pods,
            home,
            pod,
            "binding",
            found =>
            {
                if (found.At("spec", "nodeName").Text() is { Length: > 0 } taken)
                    throw Failures.Conflict(_pods, pod, $"pod {pod} is already assigned to node \"{taken}\"");
                found.Ensure("spec")["nodeName"] = node;
                return found;
            },
            options
        );
        await SucceedAsync(context);
    }

    private static Task SucceedAsync(HttpContext context) =>
        Answers.WriteAsync(
            context,
            201,
            new JsonObject
            {
                ["kind"] = "Status",
                ["apiVersion"] = "v1",
                ["metadata"] = new JsonObject(),
                ["status"] = "Success",
                ["code"] = 201,
            }
        );
}
