using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sam.Operator.Registry.Logins;

/// <summary>The document that Docker and kubelets read logins from.</summary>
internal static class DockerConfiguration
{
    /// <summary>Its key in a Secret of type <c>kubernetes.io/dockerconfigjson</c>.</summary>
    public const string Key = ".dockerconfigjson";

    /// <summary>A login for exactly one host.</summary>
    public static byte[] For(string host, string user, string password)
    {
        var entry = new JsonObject
        {
            ["username"] = user,
            ["password"] = password,
            ["auth"] = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")),
        };
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["auths"] = new JsonObject { [host] = entry } });
    }
}
