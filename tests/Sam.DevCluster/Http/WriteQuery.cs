using System.Text.Json.Nodes;
using Sam.DevCluster.Admission;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Http;

/// <summary>The query of a write: dryRun, fieldManager, fieldValidation and force.</summary>
internal static class WriteQuery
{
    private const int LongestManager = 128;

    public static WriteOptions Read(HttpContext context, string kind)
    {
        var query = context.Request.Query;
        var dryRun = query["dryRun"];
        var manager = query["fieldManager"].ToString();
        var validation = query["fieldValidation"].ToString();
        var errors = new List<FieldError>();
        if (dryRun.Any(value => value is not (null or "" or "All")))
            errors.Add(FieldError.Unsupported("dryRun", new JsonArray([.. dryRun.Select(value => (JsonNode?)value)]), ["All"]));
        if (manager.Length > LongestManager)
            errors.Add(FieldError.TooLong("fieldManager", LongestManager));
        for (var at = 0; at < manager.Length; at++)
        {
            if (char.IsControl(manager[at]))
                errors.Add(
                    FieldError.Invalid(
                        "fieldManager",
                        JsonValue.Create(manager),
                        $"invalid character U+{(int)manager[at]:X4} (at position {at})"
                    )
                );
        }
        if (validation is not ("" or "Ignore" or "Warn" or "Strict"))
            errors.Add(FieldError.Unsupported("fieldValidation", validation, ["", "Ignore", "Strict", "Warn"]));
        if (errors.Count > 0)
            throw Failures.Invalid("meta.k8s.io", kind, "", errors);
        if (manager.Length == 0)
            manager = context.Request.Headers.UserAgent.ToString().Split('/', ' ')[0];
        return new WriteOptions(
            dryRun == "All",
            manager.Length == 0 ? "unknown" : manager,
            validation.Length == 0 ? "Warn" : validation,
            query["force"] is [var force] && force is "true" or "1"
        )
        {
            Gate = context.Features.Get<IWriteGate>(),
        };
    }
}
