namespace Sam.Bench.Kind;

/// <summary>The CRD of the bench.</summary>
internal static class WidgetDefinition
{
    public const string Group = "bench.sam.dev";
    public const string Version = "v1";
    public const string Plural = "widgets";

    public const string Yaml = """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: widgets.bench.sam.dev}
        spec:
          group: bench.sam.dev
          scope: Namespaced
          names: {kind: Widget, singular: widget, plural: widgets, listKind: WidgetList}
          versions:
          - name: v1
            served: true
            storage: true
            subresources: {status: {}}
            schema:
              openAPIV3Schema:
                type: object
                properties:
                  spec: {type: object, properties: {value: {type: integer, format: int64}}}
                  status: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """;
}
