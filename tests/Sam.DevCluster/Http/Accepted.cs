namespace Sam.DevCluster.Http;

/// <summary>How an answer is to look.</summary>
internal enum AnswerForm
{
    Json,
    Yaml,
    Table,
    Partial,
    PartialList,
}

/// <summary>Reads the Accept header.</summary>
internal static class Accepted
{
    private const string Representations = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <summary>The first range that can be served, those of higher quality first.</summary>
    /// <param name="header">The header's value.</param>
    /// <param name="isCustom">Built-in kinds, which the real server also has as protobuf, are refused in another way.</param>
    public static AnswerForm Read(string header, bool isCustom = true)
    {
        if (header.Length == 0)
            return AnswerForm.Json;
        var ranges = header
            .Split(',')
            .Select(range => range.Split(';', StringSplitOptions.TrimEntries))
            .OrderByDescending(Quality);
        foreach (var range in ranges)
        {
            if (FormOf(range, isCustom) is { } form)
                return form;
        }
        throw isCustom || header.Contains("as=", StringComparison.Ordinal)
            ? Refused($"only the following media types are accepted: {Representations}")
            : new StatusException(
                406,
                "NotAcceptable",
                $"406: Not Acceptable\n\nAvailable representations: {Representations}",
                []
            );
    }

    /// <summary>The same for documents that are no objects: JSON or YAML.</summary>
    public static AnswerForm Plain(string header) =>
        OfRefusal(header) ?? throw Refused($"only the following media types are accepted: {Representations}");

    /// <summary>The form of a refusal, which has no table; null when nothing of what is wanted can be written.</summary>
    public static AnswerForm? OfRefusal(string header) =>
        header.Length == 0
            ? AnswerForm.Json
            : header
                .Split(',')
                .Select(range => range.Split(';', StringSplitOptions.TrimEntries))
                .OrderByDescending(Quality)
                .Select(range => FormOf(range, isCustom: true))
                .FirstOrDefault(form => form is AnswerForm.Json or AnswerForm.Yaml);

    public static StatusException Refused(string message) => new(406, "NotAcceptable", message);

    private static AnswerForm? FormOf(string[] range, bool isCustom)
    {
        if (range[0].Trim() is "application/yaml" or "application/vnd.kubernetes.yaml")
            return AnswerForm.Yaml;
        if (range[0].Trim() is not ("application/json" or "*/*") && !(isCustom && range[0].Trim() == "application/*"))
            return null;
        return Array.Find(range, part => part.StartsWith("as=", StringComparison.Ordinal)) switch
        {
            null => AnswerForm.Json,
            "as=Table" when range.Contains("v=v1") => AnswerForm.Table,
            "as=PartialObjectMetadata" when range.Contains("v=v1") => AnswerForm.Partial,
            "as=PartialObjectMetadataList" when range.Contains("v=v1") => AnswerForm.PartialList,
            _ => null,
        };
    }

    private static double Quality(string[] range) =>
        Array.Find(range, part => part.StartsWith("q=", StringComparison.Ordinal)) is { } quality
        && double.TryParse(quality[2..], System.Globalization.CultureInfo.InvariantCulture, out var value)
            ? value
            : 1;
}
