namespace Sam.DevCluster.OpenApi;

/// <summary>Which of the two kinds of documents is written.</summary>
internal enum OpenApiForm
{
    /// <summary>One document per group version, OpenAPI 3.0.</summary>
    Version3,

    /// <summary>One document for everything, Swagger 2.0.</summary>
    Version2,
}
