using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>YARP alone, without any policy: the program in <c>bench/Yarp</c>.</summary>
internal sealed class YarpSubject : Subject
{
    private YarpSubject(Child process)
        : base("yarp", process) { }

    public override bool CompilesAtRunTime => true;

    public static async Task<YarpSubject> StartAsync(
        Scratch scratch,
        Upstream upstream,
        Certificate? certificate,
        CancellationToken cancellationToken
    )
    {
        var http = FreePorts.Next();
        var https = FreePorts.Next();
        var settings = new Dictionary<string, string?>
        {
            ["Kestrel:Endpoints:http:Url"] = $"http://127.0.0.1:{http}",
            ["ReverseProxy:Clusters:upstream:Destinations:only:Address"] = upstream.Address,
        };
        if (certificate is not null)
        {
            settings["Kestrel:Endpoints:https:Url"] = $"https://127.0.0.1:{https}";
            settings["Kestrel:Endpoints:https:Certificate:Path"] = certificate.ChainFile;
            settings["Kestrel:Endpoints:https:Certificate:KeyPath"] = certificate.KeyFile;
        }

        var process = Child.Start(
            Cores.Proxy,
            scratch.File("yarp.log"),
            [
                "dotnet",
                Repository.File(
                    "bench",
                    "Yarp",
                    "bin",
                    "Release",
                    "net10.0",
                    "ApiSvc.Bench.Yarp.dll"
                ),
            ],
            settings,
            scratch.Folder("yarp")
        );
        var subject = new YarpSubject(process)
        {
            Http = $"http://127.0.0.1:{http}",
            Https = certificate is null ? null : $"https://127.0.0.1:{https}",
        };
        await ListensAsync(process, subject.Http, cancellationToken);
        return subject;
    }
}
