namespace Sam.Simulators.Hetzner;

/// <summary>What somebody does behind our back: strikes as a call comes in, at the newest thing there is. The project's lock is held.</summary>
internal static class WorldEvents
{
    private static readonly IReadOnlyDictionary<string, Action<HetznerProject, SimServer>> s_onServers = new Dictionary<
        string,
        Action<HetznerProject, SimServer>
    >(StringComparer.Ordinal)
    {
        [HetznerFaults.ServerVanishes] = ServersApi.Vanish,
        [HetznerFaults.ServerRenamed] = (_, server) => server.Name = $"renamed-{server.Id}",
        [HetznerFaults.LabelsChanged] = (_, server) =>
            server.Labels = server.Labels.ToDictionary(
                label => label.Key,
                label => label.Key == "sam-machine" ? "anothermachine0" : label.Value,
                StringComparer.Ordinal
            ),
        [HetznerFaults.LabelsRemoved] = (_, server) => server.Labels = [],
        [HetznerFaults.PoweredOff] = (_, server) => server.Status = "off",
        [HetznerFaults.Protected] = (_, server) => server.DeleteProtected = true,
    };

    private static readonly IReadOnlyDictionary<string, Func<HetznerProject, bool>> s_onOthers = new Dictionary<
        string,
        Func<HetznerProject, bool>
    >(StringComparer.Ordinal)
    {
        [HetznerFaults.VolumeVanishes] = project =>
            project.Volumes.Values.LastOrDefault() is { } volume && project.Volumes.Remove(volume.Id),
        [HetznerFaults.VolumeDetached] = project =>
        {
            if (project.Volumes.Values.LastOrDefault(candidate => candidate.Server is not null) is not { } volume)
                return false;
            volume.Server = null;
            return true;
        },
        [HetznerFaults.FirewallVanishes] = project =>
            project.Firewalls.Values.LastOrDefault() is { } firewall && project.Firewalls.Remove(firewall.Id),
        [HetznerFaults.FirewallOpened] = project =>
        {
            if (project.Firewalls.Values.LastOrDefault() is not { } firewall)
                return false;
            firewall.Rules = [];
            return true;
        },
        [HetznerFaults.KeyVanishes] = project =>
            project.SshKeys.Values.LastOrDefault() is { } key && project.SshKeys.Remove(key.Id),
    };

    /// <summary>Lets happen what plays.</summary>
    public static void Strike(HetznerCall call, string method, string path)
    {
        foreach (var (name, act) in s_onServers)
        {
            SimServer? Target(HetznerFault fault) =>
                call.Project.Servers.Values.LastOrDefault(server =>
                    server.Status is "running" && fault.FitsOffer(server.Type.Name, server.Location.Name)
                );
            if (call.Faults.Take(name, fault => fault.FitsCall(method, path) && Target(fault) is not null) is { } struck)
                act(call.Project, Target(struck)!);
        }
        foreach (var (name, act) in s_onOthers)
            call.Faults.Take(name, fault => fault.FitsCall(method, path) && act(call.Project));
    }
}
