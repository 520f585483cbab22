using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Sam.Runtime.Observability;

namespace Sam.Operator.Hosting;

/// <summary>Exports traces where the environment says, by the standard variables of OpenTelemetry; without them nothing is collected.</summary>
internal static class OperatorTelemetry
{
    // The exporter reads these and their kin (protocol, headers, sampler) itself.
    private static readonly string[] s_endpoints = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];

    /// <summary>Adds the exporter, if an endpoint is configured.</summary>
    public static IServiceCollection AddOperatorTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        if (!Array.Exists(s_endpoints, name => !string.IsNullOrEmpty(configuration[name])))
            return services;
        services
            .AddOpenTelemetry()
            // OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come last, so that they win.
            .ConfigureResource(resource =>
                resource.Clear().AddService("sam-operator").AddTelemetrySdk().AddEnvironmentVariableDetector()
            )
            .WithTracing(tracing => tracing.AddSource(RuntimeTracing.SourceName).AddOtlpExporter());
        return services;
    }
}
