using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;

namespace Sam.Runtime.Resources;

/// <summary>
/// Reads objects as the client does, but passes over <c>managedFields</c>: they are often half of an object, nobody here reads them, and so
/// they are skipped while reading instead of made and thrown away.
/// </summary>
internal static class ReadJson
{
    private static readonly JsonSerializerOptions s_options = Make();

    public static T Read<T>(string json) => KubernetesJson.Deserialize<T>(json, s_options);

    public static T Read<T>(Stream json) => KubernetesJson.Deserialize<T>(json, s_options);

    public static T Read<T>(JsonElement json) => KubernetesJson.Deserialize<T>(json, s_options);

    private static JsonSerializerOptions Make()
    {
        JsonSerializerOptions? options = null;
        // The only way to the client's own converters; they are copied here and not changed.
        KubernetesJson.AddJsonOptions(own => options = new JsonSerializerOptions(own));
        options!.TypeInfoResolver = options.TypeInfoResolver!.WithAddedModifier(SkipManagedFields);
        return options;
    }

    private static void SkipManagedFields(JsonTypeInfo type)
    {
        if (type.Type != typeof(V1ObjectMeta))
            return;
        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].Name == "managedFields")
                type.Properties.RemoveAt(i);
        }
    }
}
