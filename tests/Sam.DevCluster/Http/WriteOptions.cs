using Sam.DevCluster.Admission;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Http;

/// <summary>What a write request asked for in its query, and the warnings collected on the way.</summary>
internal sealed record WriteOptions(bool DryRun, string Manager, string FieldValidation, bool Force)
{
    public List<string> Warnings { get; init; } = [];

    /// <summary>What the write must pass; null for the cluster's own.</summary>
    public IWriteGate? Gate { get; init; }

    public static readonly WriteOptions Internal = new(false, "kube-apiserver", "Ignore", false);

    /// <summary>From the query of a request.</summary>
    public static WriteOptions Read(HttpContext context)
    {
        var query = context.Request.Query;
        var dryRun = query["dryRun"].ToString();
        if (dryRun.Length > 0 && dryRun != "All")
            throw Failures.Invalid("meta.k8s.io", "CreateOptions", "", [FieldError.Unsupported("dryRun", dryRun, ["All"])]);
        var manager = query["fieldManager"].ToString();
        if (manager.Length == 0)
            manager = context.Request.Headers.UserAgent.ToString().Split('/', ' ')[0];
        var validation = query["fieldValidation"].ToString();
        if (validation is not ("" or "Ignore" or "Warn" or "Strict"))
            throw Failures.Invalid(
                "meta.k8s.io",
                "CreateOptions",
                "",
                [FieldError.Unsupported("fieldValidation", validation, ["", "Ignore", "Warn", "Strict"])]
            );
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
