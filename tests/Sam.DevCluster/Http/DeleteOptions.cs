using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Controllers;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Http;

/// <summary>Reads DeleteOptions: from the body, or from the query when there is none.</summary>
internal static class DeleteOptions
{
    private static readonly string[] Policies = ["Foreground", "Background", "Orphan", "nil"];

    public static async Task<DeleteRequest> ReadAsync(HttpContext context)
    {
        var bytes = await RequestBody.ReadAsync(context);
        var options = bytes.Length == 0 ? FromQuery(context.Request.Query) : FromBody(bytes, context.Request.ContentType ?? "");
        Check(options);
        var orphans = options.Child("orphanDependents").Flag();
        var dryRun = options.Child("dryRun").Strings().Contains("All");
        return new DeleteRequest(
            options.At("preconditions", "uid").Text(),
            options.At("preconditions", "resourceVersion").Text(),
            options.Text("propagationPolicy")
                ?? (
                    orphans is null ? null
                    : orphans.Value ? "Orphan"
                    : "Background"
                ),
            dryRun
        )
        {
            Options = WriteOptions.Internal with { DryRun = dryRun, Warnings = [], Gate = context.Features.Get<IWriteGate>() },
        };
    }

    private static JsonObject FromBody(byte[] bytes, string contentType)
    {
        var options = RequestBody.Parse(bytes, contentType, null) as JsonObject ?? [];
        var kind = options.Text("kind");
        if (!string.IsNullOrEmpty(kind) && kind != "DeleteOptions")
            throw Failures.BadRequest(
                $"no kind \"{kind}\" is registered for version \"{options.Text("apiVersion")}\" in scheme \"pkg/runtime/scheme.go:111\""
            );
        return options;
    }

    private static JsonObject FromQuery(IQueryCollection query)
    {
        var options = new JsonObject();
        if (query["propagationPolicy"].ToString() is { Length: > 0 } policy)
            options["propagationPolicy"] = policy;
        if (query["orphanDependents"].ToString() is { Length: > 0 } orphan)
            options["orphanDependents"] = orphan is "true" or "1";
        if (query["gracePeriodSeconds"].ToString() is { Length: > 0 } grace)
            options["gracePeriodSeconds"] = long.TryParse(grace, out var seconds)
                ? seconds
                : throw Failures.BadRequest($"strconv.ParseInt: parsing \"{grace}\": invalid syntax");
        if (query["dryRun"] is { Count: > 0 } dryRun)
            options["dryRun"] = new JsonArray([.. dryRun.Select(text => (JsonNode?)text)]);
        return options;
    }

    private static void Check(JsonObject options)
    {
        var errors = new List<FieldError>();
        var policy = options.Text("propagationPolicy");
        if (policy is not null && options.Child("orphanDependents") is not null)
            errors.Add(
                FieldError.Invalid(
                    "propagationPolicy",
                    JsonValue.Create(policy),
                    "orphanDependents and deletionPropagation cannot be both set"
                )
            );
        if (policy is not null && policy is not ("Foreground" or "Background" or "Orphan"))
            errors.Add(FieldError.Unsupported("propagationPolicy", JsonValue.Create(policy), Policies));
        if (options.Array("dryRun") is { } dryRun && dryRun.Strings().Any(value => value != "All"))
            errors.Add(FieldError.Unsupported("dryRun", dryRun, ["All"]));
        if (errors.Count > 0)
            throw Failures.Invalid("meta.k8s.io", "DeleteOptions", "", errors);
    }
}
