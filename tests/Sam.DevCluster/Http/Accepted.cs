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
    public static AnswerForm Read(string header)
    {
        if (header.Length == 0)
            return AnswerForm.Json;
        foreach (var range in header.Split(','))
        {
            var parts = range.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is "application/yaml" or "application/vnd.kubernetes.yaml")
                return AnswerForm.Yaml;
            if (parts[0] is not ("application/json" or "*/*" or "application/*"))
                continue;
            var transform = parts.FirstOrDefault(part => part.StartsWith("as=", StringComparison.Ordinal));
            switch (transform)
            {
                case null:
                    return AnswerForm.Json;
                case "as=Table" when parts.Contains("v=v1"):
                    return AnswerForm.Table;
                case "as=PartialObjectMetadata" when parts.Contains("v=v1"):
                    return AnswerForm.Partial;
                case "as=PartialObjectMetadataList" when parts.Contains("v=v1"):
                    return AnswerForm.PartialList;
            }
        }
        throw new StatusException(
            406,
            "NotAcceptable",
            "only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf"
        );
    }
}
