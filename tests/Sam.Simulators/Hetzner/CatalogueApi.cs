using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Sam.Simulators.Hetzner;

/// <summary>What can be bought, what it costs, and the stored SSH keys.</summary>
internal sealed class CatalogueApi(Func<long> nextId)
{
    public static Answer Types(HetznerCall call) => call.Page("server_types", Catalogue.Types, type => type.ToJson());

    public static Answer Type(HetznerCall call) =>
        One("server_type", Catalogue.Types.FirstOrDefault(type => type.Id == call.Id)?.ToJson());

    public static Answer Locations(HetznerCall call) =>
        call.Page("locations", Catalogue.Locations, location => location.ToJson());

    public static Answer Location(HetznerCall call) =>
        One("location", Catalogue.Locations.FirstOrDefault(location => location.Id == call.Id)?.ToJson());

    public static Answer Datacenters(HetznerCall call)
    {
        var answer = call.Page("datacenters", Catalogue.Locations, location => location.DatacenterJson());
        if (answer.Status == 200)
        {
            answer.Body!["recommendation"] = Catalogue.Locations[0].DatacenterId;
        }
        return answer;
    }

    public static Answer Datacenter(HetznerCall call) =>
        One("datacenter", Catalogue.Locations.FirstOrDefault(location => location.DatacenterId == call.Id)?.DatacenterJson());

    public static Answer Images(HetznerCall call)
    {
        var (architectures, types) = (call.QueryAll("architecture"), call.QueryAll("type"));
        return call.Page(
            "images",
            Catalogue.Images.Where(image =>
                (architectures.Count == 0 || architectures.Contains(image.Architecture))
                && (types.Count == 0 || types.Contains(image.Type))
            ),
            image => image.ToJson()
        );
    }

    public static Answer Image(HetznerCall call) =>
        One("image", Catalogue.Images.FirstOrDefault(image => image.Id == call.Id)?.ToJson());

    public static Answer Pricing(HetznerCall call)
    {
        JsonArray PerLocation(decimal hourly, decimal monthly) =>
            [
                .. Catalogue.Locations.Select(location => new JsonObject
                {
                    ["location"] = location.Name,
                    ["price_hourly"] = Money.Json(hourly),
                    ["price_monthly"] = Money.Json(monthly),
                }),
            ];
        return Answer.Ok(
            new JsonObject
            {
                ["pricing"] = new JsonObject
                {
                    ["currency"] = "EUR",
                    ["vat_rate"] = "19.000000",
                    ["primary_ips"] = new JsonArray(
                        new JsonObject { ["type"] = "ipv4", ["prices"] = PerLocation(0.0008m, 0.50m) },
                        new JsonObject { ["type"] = "ipv6", ["prices"] = PerLocation(0m, 0m) }
                    ),
                    ["floating_ips"] = new JsonArray(),
                    ["floating_ip"] = new JsonObject { ["price_monthly"] = Money.Json(3.00m) },
                    ["image"] = new JsonObject { ["price_per_gb_month"] = Money.Json(0.011m) },
                    ["volume"] = new JsonObject { ["price_per_gb_month"] = Money.Json(0.044m) },
                    ["server_backup"] = new JsonObject { ["percentage"] = "20.0000000000" },
                    ["server_types"] = new JsonArray([
                        .. Catalogue.Types.Select(type => new JsonObject
                        {
                            ["id"] = type.Id,
                            ["name"] = type.Name,
                            ["prices"] = type.PricesJson(),
                        }),
                    ]),
                    ["load_balancer_types"] = new JsonArray(),
                },
            }
        );
    }

    public static Answer Keys(HetznerCall call)
    {
        var fingerprint = call.Query("fingerprint");
        var keys = call.Project.SshKeys.Values.Where(key => fingerprint is null || key.Fingerprint == fingerprint);
        return call.Page("ssh_keys", keys.OrderBy(key => key.Id), key => key.ToJson());
    }

    public static Answer Key(HetznerCall call) => One("ssh_key", call.Project.SshKeys.GetValueOrDefault(call.Id)?.ToJson());

    public Answer CreateKey(HetznerCall call)
    {
        var (name, publicKey) = (CreateValidation.Word(call.Body["name"]), CreateValidation.Word(call.Body["public_key"]).Trim());
        if (
            call.Body.Select(field => field.Key).FirstOrDefault(key => key is not ("name" or "public_key" or "labels")) is
            { } unknown
        )
        {
            return Answer.Invalid(unknown, "unknown field");
        }
        var parts = publicKey.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var blob = new byte[8192];
        if (name.Length == 0 || parts.Length < 2 || !Convert.TryFromBase64String(parts[1], blob, out var length))
        {
            return Answer.Invalid(name.Length == 0 ? "name" : "public_key", "invalid format");
        }
        var labels = call.Body["labels"] as JsonObject;
        if (CreateValidation.LabelsOf(labels) is { } refused)
        {
            return refused;
        }
#pragma warning disable CA5351 // The API's fingerprints are MD5.
        var fingerprint = string.Join(':', MD5.HashData(blob.AsSpan(0, length)).Select(b => $"{b:x2}"));
#pragma warning restore CA5351
        if (call.Project.SshKeys.Values.FirstOrDefault(key => key.Name == name || key.Fingerprint == fingerprint) is { } taken)
        {
            return taken.Fingerprint == fingerprint
                ? Answer.Taken("public_key", "SSH key with the same fingerprint already exists")
                : Answer.Taken("name", "SSH key with the same name already exists");
        }
        var key = new SimSshKey(nextId(), name, publicKey, fingerprint, call.Project.Now) { Labels = SimLabels.Of(labels) };
        call.Project.SshKeys[key.Id] = key;
        call.Project.Made("ssh_key", name);
        return Answer.Created(new JsonObject { ["ssh_key"] = key.ToJson() });
    }

    public static Answer UpdateKey(HetznerCall call)
    {
        if (call.Project.SshKeys.GetValueOrDefault(call.Id) is not { } key)
            return Answer.NotFound("SSH key");
        if (ResourceAnswers.Wrong(call, call.Project.SshKeys.Values, key.Id, "name", "labels") is { } wrong)
            return wrong;
        ResourceAnswers.Rename(call, name => key = key with { Name = name }, labels => key = key with { Labels = labels });
        call.Project.SshKeys[key.Id] = key;
        return ResourceAnswers.One("ssh_key", key.ToJson());
    }

    public static Answer DeleteKey(HetznerCall call) =>
        call.Project.SshKeys.Remove(call.Id) ? Answer.NoContent() : Answer.NotFound("SSH key");

    private static Answer One(string key, JsonObject? item) =>
        item is null ? Answer.NotFound(key.Replace('_', ' ')) : Answer.Ok(new JsonObject { [key] = item });
}
