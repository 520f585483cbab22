using System.Text.Json.Nodes;

namespace Sam.DevCluster.Discovery;

/// <summary>What the server says about itself.</summary>
internal static class ServerVersion
{
    public const string Name = "v1.36.0+sam-dev-cluster";

    public static JsonObject Document() =>
        new()
        {
            ["major"] = "1",
            ["minor"] = "36",
            ["emulationMajor"] = "1",
            ["emulationMinor"] = "36",
            ["minCompatibilityMajor"] = "1",
            ["minCompatibilityMinor"] = "35",
            ["gitVersion"] = Name,
            ["gitCommit"] = "",
            ["gitTreeState"] = "",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = "dotnet",
            ["platform"] = "linux/amd64",
        };

    public static JsonObject LegacyVersions(string server) =>
        new()
        {
            ["kind"] = "APIVersions",
            ["versions"] = new JsonArray("v1"),
            ["serverAddressByClientCIDRs"] = new JsonArray(
                new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = server }
            ),
        };
}
