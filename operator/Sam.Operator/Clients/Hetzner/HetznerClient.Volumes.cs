using Sam.Operator.Clients.Hetzner.Wire;

namespace Sam.Operator.Clients.Hetzner;

internal sealed partial class HetznerClient
{
    public async Task<Volume> CreateVolumeAsync(CreateVolumeRequest request, CancellationToken cancellationToken)
    {
        var body = new CreateVolumeBody(request.Name, request.SizeGb, request.ServerId, Automount: false, request.Labels);
        var post = HetznerRequest.Post("/volumes", "volumes", body, HetznerJson.Default.CreateVolumeBody);
        return (await transport.SendAsync(post, HetznerJson.Default.VolumeAnswer, cancellationToken)).Volume.ToVolume();
    }

    public Task<IReadOnlyList<Volume>> ListVolumesAsync(
        string labelSelector,
        Spending spending,
        CancellationToken cancellationToken
    ) =>
        ListAsync<VolumesPage, WireVolume, Volume>(
            "/volumes",
            $"volumes?sort=id:asc&label_selector={Uri.EscapeDataString(labelSelector)}",
            HetznerJson.Default.VolumesPage,
            ThingMapping.ToVolume,
            cancellationToken,
            spending
        );

    public Task<Volume?> GetVolumeAsync(long id, CancellationToken cancellationToken) =>
        FindAsync(
            "/volumes/{id}",
            $"volumes/{id}",
            HetznerJson.Default.VolumeAnswer,
            a => a.Volume.ToVolume(),
            cancellationToken,
            Spending.Delete
        );

    public Task<PrimaryIp?> GetPrimaryIpAsync(long id, CancellationToken cancellationToken) =>
        FindAsync(
            "/primary_ips/{id}",
            $"primary_ips/{id}",
            HetznerJson.Default.PrimaryIpAnswer,
            a => a.PrimaryIp.ToPrimaryIp(),
            cancellationToken,
            Spending.Delete
        );

    public Task ResizeVolumeAsync(long id, int sizeGb, CancellationToken cancellationToken) =>
        transport.SendAsync(
            HetznerRequest.Post(
                "/volumes/{id}/actions/resize",
                $"volumes/{id}/actions/resize",
                new ResizeBody(sizeGb),
                HetznerJson.Default.ResizeBody
            ),
            HetznerJson.Default.ActionAnswer,
            cancellationToken
        );

    public Task AttachVolumeAsync(long id, long serverId, CancellationToken cancellationToken) =>
        transport.SendAsync(
            HetznerRequest.Post(
                "/volumes/{id}/actions/attach",
                $"volumes/{id}/actions/attach",
                new AttachBody(serverId, Automount: false),
                HetznerJson.Default.AttachBody
            ),
            HetznerJson.Default.ActionAnswer,
            cancellationToken
        );

    public Task LabelVolumeAsync(long id, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        LabelAsync("/volumes/{id}", $"volumes/{id}", labels, cancellationToken);

    public Task RenameVolumeAsync(
        long id,
        string name,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    ) =>
        transport.SendAsync(
            HetznerRequest.Put("/volumes/{id}", $"volumes/{id}", new NameBody(name, labels), HetznerJson.Default.NameBody),
            HetznerJson.Default.JsonElement,
            cancellationToken
        );

    public Task AssignPrimaryIpAsync(long id, long serverId, CancellationToken cancellationToken) =>
        transport.SendAsync(
            HetznerRequest.Post(
                "/primary_ips/{id}/actions/assign",
                $"primary_ips/{id}/actions/assign",
                new AssignBody(serverId, AssigneeType: "server"),
                HetznerJson.Default.AssignBody
            ),
            HetznerJson.Default.ActionAnswer,
            cancellationToken
        );

    public Task UnassignPrimaryIpAsync(long id, CancellationToken cancellationToken) =>
        transport.SendAsync(
            HetznerRequest.Post("/primary_ips/{id}/actions/unassign", $"primary_ips/{id}/actions/unassign"),
            HetznerJson.Default.ActionAnswer,
            cancellationToken
        );

    public Task LabelServerAsync(long id, IReadOnlyDictionary<string, string> labels, CancellationToken cancellationToken) =>
        LabelAsync("/servers/{id}", $"servers/{id}", labels, cancellationToken);

    public Task<DeleteOutcome> DeleteVolumeAsync(long id, CancellationToken cancellationToken) =>
        DeleteAsync("/volumes/{id}", $"volumes/{id}", cancellationToken);

    public Task<IReadOnlyList<PrimaryIp>> ListPrimaryIpsAsync(
        string labelSelector,
        Spending spending,
        CancellationToken cancellationToken
    ) =>
        ListAsync<PrimaryIpsPage, WirePrimaryIp, PrimaryIp>(
            "/primary_ips",
            $"primary_ips?sort=id:asc&label_selector={Uri.EscapeDataString(labelSelector)}",
            HetznerJson.Default.PrimaryIpsPage,
            ThingMapping.ToPrimaryIp,
            cancellationToken,
            spending
        );

    public Task KeepPrimaryIpAsync(
        long id,
        string name,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    ) =>
        transport.SendAsync(
            HetznerRequest.Put(
                "/primary_ips/{id}",
                $"primary_ips/{id}",
                new KeepAddressBody(name, AutoDelete: false, labels),
                HetznerJson.Default.KeepAddressBody
            ),
            HetznerJson.Default.JsonElement,
            cancellationToken
        );

    public Task<DeleteOutcome> DeletePrimaryIpAsync(long id, CancellationToken cancellationToken) =>
        DeleteAsync("/primary_ips/{id}", $"primary_ips/{id}", cancellationToken);

    private Task LabelAsync(
        string route,
        string path,
        IReadOnlyDictionary<string, string> labels,
        CancellationToken cancellationToken
    ) =>
        transport.SendAsync(
            HetznerRequest.Put(route, path, new LabelsBody(labels), HetznerJson.Default.LabelsBody),
            HetznerJson.Default.JsonElement,
            cancellationToken
        );
}
