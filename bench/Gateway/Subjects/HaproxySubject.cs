using ApiSvc.Bench.Gateway.Processes;

namespace ApiSvc.Bench.Gateway.Subjects;

/// <summary>HAProxy: alone, or with a map of keys, a table that counts each and a log line with the fields of a call record.</summary>
internal sealed class HaproxySubject : Subject
{
    private const string LogFormat = """
        log-format '{"time":"%Ts.%ms","id":"%ID","status":%ST,"latency":%Ta,"upstream_latency":%Tr,"in":%U,"out":%B,"application":"%[var(txn.application)]","path":"%HPO","query":"%HQ","address":"%ci","protocol":"%HV","method":"%HM","host":"%[var(txn.host)]","agent":"%[var(txn.agent)]","upstream":"%si:%sp","server":"%H"}'
        """;

    private readonly bool _records;

    private HaproxySubject(Child process, bool records)
        : base("haproxy", process) => _records = records;

    public static async Task<HaproxySubject> StartAsync(
        Scratch scratch,
        Upstream upstream,
        IReadOnlyList<string>? keys,
        Certificate? certificate,
        CancellationToken cancellationToken
    )
    {
        var http = FreePorts.Next();
        var https = FreePorts.Next();
        var bind = certificate is null
            ? ""
            : $"bind 127.0.0.1:{https} ssl crt {certificate.CombinedFile} alpn h2,http/1.1 ssl-min-ver TLSv1.3";
        // Both ends of the connection to the upstream stay open, as with the others.
        var configuration = scratch.Write(
            "haproxy.cfg",
            $$"""
            global
              nbthread 1
              maxconn 8192
              {{(keys is null ? "" : "log stdout len 4096 format raw local0")}}
            defaults
              mode http
              timeout connect 5s
              timeout client 300s
              timeout server 300s
              option http-keep-alive
              http-reuse always
            frontend edge
              bind 127.0.0.1:{{http}} backlog 4096
              {{bind}}
              unique-id-format %{+X}o%ci%cp%Ts%rt
              unique-id-header X-Request-Id
              option forwardfor
              http-request set-header X-Forwarded-Proto http
              {{(keys is null ? "" : Keys(scratch, keys))}}
              default_backend upstream
            backend upstream
              server upstream {{new Uri(upstream.Address).Authority}} pool-max-conn -1

            """
        );
        var process = Child.Start(
            Cores.Proxy,
            scratch.File("haproxy.log"),
            ["haproxy", "-db", "-f", configuration]
        );
        var subject = new HaproxySubject(process, keys is not null)
        {
            Http = $"http://127.0.0.1:{http}",
            Https = certificate is null ? null : $"https://127.0.0.1:{https}",
        };
        await ListensAsync(process, subject.Http, cancellationToken);
        return subject;
    }

    public override Task<long?> CountRecordsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<long?>(
            _records
                ? File.ReadLines(Process.Output)
                    .LongCount(l => l.Contains("\"status\":200", StringComparison.Ordinal))
                : null
        );

    private static string Keys(Scratch scratch, IReadOnlyList<string> keys)
    {
        var map = scratch.Write(
            "haproxy.map",
            string.Concat(keys.Select((key, i) => $"{key} application-{i}\n"))
        );
        return $$"""
            log global
              {{LogFormat}}
              stick-table type string len 32 size {{Math.Max(
                100_000,
                keys.Count * 2
            )}} expire 60s store http_req_rate(1s)
              http-request set-var(txn.application) req.hdr(x-api-key),map_str({{map}})
              http-request set-var(txn.host) req.hdr(host)
              http-request set-var(txn.agent) req.hdr(user-agent)
              http-request deny deny_status 401 unless { var(txn.application) -m found }
              http-request track-sc0 var(txn.application)
              http-request deny deny_status 429 if { sc_http_req_rate(0) gt 100000 }
            """;
    }
}
