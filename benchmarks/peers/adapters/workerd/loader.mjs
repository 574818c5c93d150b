// Runs in workerd: loads the module of a job into an isolate of its own and answers with what its `run` does.
export default {
  async fetch(request, env) {
    const { module, argsText, keep } = await request.json();
    const code = {
      // With the date of the release, making an isolate takes twice as long.
      compatibilityDate: '2026-03-01',
      mainModule: 'job.js',
      modules: { 'job.js': module },
      // Its tools are at the host, over HTTP; it can reach nothing else.
      env: { TOOLS: env.TOOLS },
      globalOutbound: null,
    };
    try {
      // By a name it stays loaded; without one it is gone with its last caller.
      const worker = keep ? env.LOADER.get(keep, () => code) : env.LOADER.load(code);
      return new Response(await worker.getEntrypoint().run(argsText));
    } catch (error) {
      return new Response(String(error), { status: 500 });
    }
  },
};
