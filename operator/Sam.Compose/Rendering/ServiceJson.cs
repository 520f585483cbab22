using System.Text.Json.Nodes;
using Sam.Compose.Model;
using Sam.Compose.Parsing;

namespace Sam.Compose.Rendering;

/// <summary>One service as `docker compose config --format json` prints it.</summary>
internal sealed class ServiceJson(string directory)
{
    public JsonObject Of(ComposeService service)
    {
        var shown = new JsonObject
        {
            ["command"] = Json.Strings(service.Command),
            ["entrypoint"] = Json.Strings(service.Entrypoint),
            ["image"] = service.Image,
            ["networks"] = Networks(service),
        };
        Add(shown, "labels", service.Labels.IsEmpty ? null : Json.Map(service.Labels));
        Add(shown, "depends_on", DependsOn(service));
        Add(shown, "healthcheck", service.Healthcheck is null ? null : Health(service.Healthcheck));
        Add(shown, "user", service.User);
        Add(shown, "working_dir", service.WorkingDir);
        Add(shown, "init", service.Init);
        Add(shown, "stop_grace_period", service.StopGracePeriod is { } grace ? GoDuration.Format(grace) : null);
        Add(shown, "stop_signal", service.StopSignal);
        Add(shown, "profiles", Json.Strings(service.Profiles));
        Add(shown, "configs", Grants(service.Configs, secret: false));
        Add(shown, "secrets", Grants(service.Secrets, secret: true));
        Add(shown, "logging", service.Logging is null ? null : Log(service.Logging));
        Confine(shown, service.Confinement ?? new Confinement());
        Address(shown, service.Addressing ?? new Addressing());
        foreach (var (key, value) in service.Written?.All ?? [])
            Add(shown, key, WrittenForm(key, value));
        return shown;
    }

    public static string Absolute(string directory, string path) =>
        path.StartsWith("~/", StringComparison.Ordinal)
            ? Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..])
            : Path.GetFullPath(path, directory);

    /// <summary>NAME=value lines as a map of strings; what is neither lines nor a map, in a key that SAM ignores, as it is written.</summary>
    public static JsonNode Pairs(JsonNode node)
    {
        var pairs = node switch
        {
            JsonArray list => list.Select(item => Scalars.Text(item).Split('=', 2)).Select(Pair),
            JsonObject map => map.Select(pair => (pair.Key, Value: Scalars.Text(pair.Value))),
            _ => null,
        };
        if (pairs is null)
            return node.DeepClone();
        var shown = new JsonObject();
        foreach (var (name, value) in pairs)
            shown[name] = value;
        return shown;

        static (string Key, string Value) Pair(string[] parts) => (parts[0], parts.Length == 2 ? parts[1] : "");
    }

    private static void Add(JsonObject shown, string key, JsonNode? value)
    {
        if (value is not null and not JsonArray { Count: 0 })
            shown[key] = value;
    }

    private JsonNode? WrittenForm(string key, JsonNode? value) =>
        (key, value) switch
        {
            (_, null) => null,
            ("deploy", JsonObject deploy) => DeployJson.Of(deploy),
            ("build", _) => BuildJson.Of(value, directory),
            ("develop", JsonObject develop) => BuildJson.Develop(develop, directory),
            ("annotations", _) => Pairs(value),
            ("mem_swappiness", _) => Scalars.Text(value),
            ("tty" or "stdin_open", _) when Scalars.Text(value) is "false" => null,
            ("tty" or "stdin_open" or "attach", _) => Scalars.Text(value) == "true",
            _ => value.DeepClone(),
        };

    private static JsonObject? Networks(ComposeService service) =>
        service.Networks is not { } networks
            ? new JsonObject { [ComposeNetwork.Default] = null }
            : new JsonObject(
                networks.Select(entry =>
                    KeyValuePair.Create(
                        entry.Key,
                        (JsonNode?)(entry.Value.IsEmpty ? null : new JsonObject { ["aliases"] = Json.Strings(entry.Value) })
                    )
                )
            );

    private static JsonObject? DependsOn(ComposeService service) =>
        service.DependsOn.IsEmpty
            ? null
            : new JsonObject(
                service.DependsOn.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)DependencyJson(entry.Value)))
            );

    private static JsonObject DependencyJson(Dependency dependency)
    {
        var shown = new JsonObject
        {
            ["condition"] = dependency.Condition switch
            {
                DependencyCondition.Healthy => "service_healthy",
                DependencyCondition.CompletedSuccessfully => "service_completed_successfully",
                _ => "service_started",
            },
            ["required"] = dependency.Required,
        };
        if (dependency.Restart)
            shown["restart"] = true;
        return shown;
    }

    private static JsonObject Health(Healthcheck check)
    {
        var shown = new JsonObject();
        if (check is { Disable: true, Test: null })
            shown["disable"] = true;
        Add(shown, "test", Json.Strings(check.Test));
        Add(shown, "interval", Duration(check.Interval));
        Add(shown, "timeout", Duration(check.Timeout));
        Add(shown, "retries", check.Retries);
        Add(shown, "start_period", Duration(check.StartPeriod));
        Add(shown, "start_interval", Duration(check.StartInterval));
        return shown;
    }

    private static string? Duration(TimeSpan? time) => time is { } given ? GoDuration.Format(given) : null;

    private static JsonArray? Grants(IEnumerable<FileGrant>? grants, bool secret)
    {
        if (grants is null)
            return null;
        var shown = new JsonArray();
        foreach (var grant in grants)
        {
            var one = new JsonObject { ["source"] = grant.Source };
            Add(one, "target", grant.Target ?? (secret ? $"/run/secrets/{grant.Source}" : null));
            Add(one, "uid", grant.Uid);
            Add(one, "gid", grant.Gid);
            Add(one, "mode", grant.Mode);
            shown.Add(one);
        }

        return shown;
    }

    private static JsonObject Log(Logging logging)
    {
        var shown = new JsonObject();
        Add(shown, "driver", logging.Driver);
        if (!logging.Options.IsEmpty)
            shown["options"] = Json.Map(logging.Options);
        return shown;
    }

    private static void Confine(JsonObject shown, Confinement held)
    {
        Add(shown, "cap_add", Json.Strings(held.CapAdd));
        Add(shown, "cap_drop", Json.Strings(held.CapDrop));
        Add(shown, "read_only", held.ReadOnly == true ? true : null);
        Add(shown, "shm_size", held.ShmBytes?.ToString());
        Add(shown, "sysctls", Json.Map(held.Sysctls));
        Add(shown, "group_add", Json.Strings(held.GroupAdd));
        Add(shown, "cpu_shares", held.CpuShares is 0 ? null : held.CpuShares);
        Add(shown, "cpuset", held.Cpuset);
        Add(shown, "memswap_limit", held.MemorySwapBytes?.ToString());
        if (held.Ulimits is not { } limits)
            return;
        shown["ulimits"] = new JsonObject(
            limits.Select(entry =>
                KeyValuePair.Create(
                    entry.Key,
                        // Compose 2.26 prints a single 0 as an empty map.
                        entry.Value
                            is { Single: true, Soft: not 0 }
                            ? (JsonNode?)entry.Value.Soft
                        : entry.Value.Single ? new JsonObject()
                        : new JsonObject { ["soft"] = entry.Value.Soft, ["hard"] = entry.Value.Hard }
                )
            )
        );
    }

    private static void Address(JsonObject shown, Addressing known)
    {
        Add(shown, "hostname", known.Hostname);
        Add(shown, "domainname", known.DomainName);
        Add(shown, "dns", Json.Strings(known.Dns));
        Add(shown, "dns_opt", Json.Strings(known.DnsOptions));
        Add(shown, "dns_search", Json.Strings(known.DnsSearch));
        Add(shown, "extra_hosts", Json.Strings(known.ExtraHosts));
    }
}
