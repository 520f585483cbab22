using System.Text.Json.Nodes;
using Sam.Compose.Model;
using Sam.Compose.Rules;
using static Sam.Compose.Model.ProblemCode;

namespace Sam.Compose.Parsing;

/// <summary>deploy: how many, how large, how changed.</summary>
internal sealed class DeployReader(Reading reading)
{
    private const int MostReplicas = 50;

    public ComposeService Read(ComposeService service, Entry deploy)
    {
        if (Reading.IsNull(deploy.Node) || reading.Map(deploy.Node, deploy.Path) is not { } map)
            return service;
        var written = new Written();
        var resources = new JsonObject();
        foreach (var entry in reading.Entries(map, deploy.Path, KeyScope.Deploy, written))
        {
            switch (entry.Key)
            {
                case "resources":
                    service = service with { Resources = Resources(service.Resources ?? new Resources(), entry, resources) };
                    break;
                case "replicas":
                    service = service with { Replicas = Replicas(entry) };
                    written.Keep("replicas", service.Replicas);
                    break;
                case "update_config":
                    service = service with { UpdateOrder = Order(entry, written) };
                    break;
                case "restart_policy":
                    service = service with { Restart = service.Restart ?? Restart(entry, written) };
                    break;
                default:
                    Mode(entry, written);
                    break;
            }
        }

        written.Keep("resources", resources);
        service.Written!.Keep("deploy", new JsonObject(written.All));
        return service;
    }

    /// <summary>A number of containers, here and under scale.</summary>
    public int? Replicas(Entry entry) => (int?)reading.Integer(entry.Node, entry.Path, 0, MostReplicas);

    private void Mode(Entry entry, Written written)
    {
        var mode = reading.Text(entry.Node, entry.Path);
        written.Keep("mode", mode);
        if (mode is not (null or "replicated"))
            reading.Problems.Error(
                entry.Node.Place,
                entry.Path,
                Refused,
                "Only replicated services run here; remove the key, or make one-shot services with service_completed_successfully"
            );
    }

    private UpdateOrder? Order(Entry update, Written written)
    {
        UpdateOrder? order = null;
        if (reading.Map(update.Node, update.Path) is not { } map)
            return null;
        var kept = new Written();
        foreach (var entry in reading.Entries(map, update.Path, KeyScope.UpdateConfig, kept))
        {
            var text = reading.Text(entry.Node, entry.Path);
            kept.Keep("order", text);
            order = text switch
            {
                "start-first" => UpdateOrder.StartFirst,
                "stop-first" => UpdateOrder.StopFirst,
                _ => null,
            };
            if (order is null && text is not null)
                reading.Invalid(entry.Node, entry.Path, "Use start-first or stop-first");
        }

        written.Keep("update_config", new JsonObject(kept.All));
        return order;
    }

    private RestartPolicy? Restart(Entry policy, Written written)
    {
        if (reading.Map(policy.Node, policy.Path) is not { } map)
            return null;
        var kept = new Written();
        string? condition = null;
        int? attempts = null;
        foreach (var entry in reading.Entries(map, policy.Path, KeyScope.RestartPolicy, kept))
        {
            if (entry.Key == "condition")
                kept.Keep("condition", condition = reading.Text(entry.Node, entry.Path));
            else
                kept.Keep("max_attempts", attempts = (int?)reading.Integer(entry.Node, entry.Path, 0, int.MaxValue));
        }

        written.Keep("restart_policy", new JsonObject(kept.All));
        switch (condition)
        {
            case "none":
                return new RestartPolicy(RestartMode.No);
            case "on-failure":
                return new RestartPolicy(RestartMode.OnFailure, attempts);
            case null or "any":
                return new RestartPolicy(RestartMode.Always);
            default:
                reading.Invalid(policy.Node, $"{policy.Path}.condition", "Use none, on-failure or any");
                return null;
        }
    }

    private Resources Resources(Resources resources, Entry entry, JsonObject written)
    {
        if (reading.Map(entry.Node, entry.Path) is not { } map)
            return resources;
        foreach (var part in reading.Entries(map, entry.Path, KeyScope.Resources))
        {
            if (reading.Map(part.Node, part.Path) is not { } values)
                continue;
            var kept = new JsonObject();
            resources =
                part.Key == "limits"
                    ? Limits(resources, values, part.Path, kept)
                    : Reservations(resources, values, part.Path, kept);
            if (kept.Count > 0)
                written[part.Key] = kept;
        }

        return resources;
    }

    private Resources Limits(Resources resources, MapNode map, string path, JsonObject written)
    {
        foreach (var entry in reading.Entries(map, path, KeyScope.Limits))
        {
            switch (entry.Key)
            {
                case "cpus":
                    resources = resources with { NanoCpus = reading.NanoCpus(entry.Node, entry.Path) };
                    written["cpus"] = Cpus(resources.NanoCpus);
                    break;
                case "memory":
                    resources = resources with { MemoryBytes = reading.Bytes(entry.Node, entry.Path) };
                    written["memory"] = resources.MemoryBytes?.ToString();
                    break;
                default:
                    resources = resources with { Pids = reading.Integer(entry.Node, entry.Path, -1, int.MaxValue) };
                    written["pids"] = resources.Pids;
                    break;
            }
        }

        return resources;
    }

    private Resources Reservations(Resources resources, MapNode map, string path, JsonObject written)
    {
        foreach (var entry in reading.Entries(map, path, KeyScope.Reservations))
        {
            if (entry.Key == "cpus")
            {
                resources = resources with { ReservedNanoCpus = reading.NanoCpus(entry.Node, entry.Path) };
                written["cpus"] = Cpus(resources.ReservedNanoCpus);
            }
            else
            {
                resources = resources with { ReservedMemoryBytes = reading.Bytes(entry.Node, entry.Path) };
                written["memory"] = resources.ReservedMemoryBytes?.ToString();
            }
        }

        return resources;
    }

    /// <summary>Processors as a number of them.</summary>
    public static decimal? Cpus(long? nano) => nano / 1_000_000_000m is { } cpus ? cpus / 1.000000000000000000m : null;
}
