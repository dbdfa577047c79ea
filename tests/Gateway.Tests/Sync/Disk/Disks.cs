using ApiSvc.Gateway.Sync.Disk;
using ApiSvc.ServiceDefaults.Sealing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ApiSvc.Gateway.Tests.Sync.Disk;

internal static class Disks
{
    public static StateDisk Open(
        string folder,
        long foldFrom = 1024 * 1024,
        byte key = 1,
        string identity = "sandbox/configuration",
        string keyId = "k1"
    ) =>
        new(new StateFolder(folder, identity), Sealer(key, keyId), NullLogger<StateDisk>.Instance)
        {
            FoldFrom = foldFrom,
        };

    private static ISealer Sealer(byte key, string keyId)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["Sealing:ActiveKey"] = keyId,
                [$"Sealing:Keys:{keyId}"] = Convert.ToBase64String(
                    Enumerable.Repeat(key, 32).ToArray()
                ),
            }
        );
        builder.AddSealing();
        return builder.Services.BuildServiceProvider().GetRequiredService<ISealer>();
    }
}
