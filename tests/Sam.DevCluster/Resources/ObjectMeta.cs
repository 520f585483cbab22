using System.Text.Json.Nodes;
using Sam.DevCluster.Json;
using Sam.DevCluster.Schemas;

namespace Sam.DevCluster.Resources;

/// <summary>The fields that every object has.</summary>
internal static class ObjectMeta
{
    private const string Text = """
        type: object
        description: Standard metadata of every object.
        properties:
          name: {type: string, description: Unique within a namespace and kind. Cannot be changed.}
          generateName: {type: string, description: A prefix from which the server makes a unique name.}
          namespace: {type: string, description: The scope of the name.}
          labels: {type: object, additionalProperties: {type: string}, description: Keys and values to select by.}
          annotations: {type: object, additionalProperties: {type: string}, description: Keys and values for tools.}
          finalizers: {type: array, items: {type: string}, x-kubernetes-list-type: set, x-kubernetes-patch-strategy: merge, description: Must be empty before the object goes.}
          ownerReferences: {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [uid], x-kubernetes-patch-merge-key: uid, x-kubernetes-patch-strategy: merge, description: Objects this one depends on.,
            items: {type: object, x-kubernetes-map-type: atomic, properties: {apiVersion: {type: string}, kind: {type: string}, name: {type: string}, uid: {type: string}, controller: {type: boolean}, blockOwnerDeletion: {type: boolean}}}}
          uid: {type: string, description: Unique in time and space.}
          resourceVersion: {type: string, description: Changes with every change; opaque.}
          generation: {type: integer, format: int64, description: Counts changes of the wanted state.}
          creationTimestamp: {type: string, nullable: true, description: When the object was made.}
          deletionTimestamp: {type: string, nullable: true, description: When its end was asked for.}
          deletionGracePeriodSeconds: {type: integer, format: int64, nullable: true, description: Seconds until it goes.}
          selfLink: {type: string, description: No longer set.}
          managedFields: {type: array, description: Who wrote which field., x-kubernetes-list-type: atomic, items: {type: object, properties: {manager: {type: string}, operation: {type: string}, apiVersion: {type: string}, time: {type: string}, fieldsType: {type: string}, subresource: {type: string}, fieldsV1: {type: object, x-kubernetes-preserve-unknown-fields: true}}}}
        """;

    public static readonly JsonObject Document = (JsonObject)YamlReading.Parse(Text)!;

    public static readonly Schema Schema = SchemaReader.Read(Document);

    /// <summary>Adds apiVersion, kind and metadata to the schema of a root object.</summary>
    public static void Complete(JsonObject root)
    {
        var properties = root.Ensure("properties");
        properties["apiVersion"] = new JsonObject
        {
            ["type"] = "string",
            ["description"] = "The versioned schema of this object.",
        };
        properties["kind"] = new JsonObject { ["type"] = "string", ["description"] = "The kind of this object." };
        properties["metadata"] = Document.DeepClone();
    }
}
