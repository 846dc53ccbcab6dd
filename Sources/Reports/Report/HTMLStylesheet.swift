extension HTML {
  /// How a report looks: on a screen, light or dark, wide or narrow, and on paper.
  static let stylesheet: HTML = """
    :root { --paper: #fff; --ink: #1c2430; --soft: #536074; --line: #d5dbe4; --panel: #f5f7fa; --link: #0b57b0;
      --s1: #0b62c4; --s2: #b4450a; --s3: #1b7a43; --s4: #8a3ea8; --s5: #7a5c00; --s6: #b3246b;
      --green: #e8f5ec; --amber: #fdf3e0; --red: #fdeaea; --green-edge: #1b7a43; --amber-edge: #b86e00; --red-edge: #b3261e; }
    @media screen and (prefers-color-scheme: dark) {
      :root { --paper: #12161c; --ink: #e6eaf0; --soft: #a5b0c0; --line: #39424f; --panel: #1b212a; --link: #8ab8f5;
        --s1: #6cb0ff; --s2: #ff9d5c; --s3: #5fd08c; --s4: #d79bf0; --s5: #e3c04d; --s6: #ff8fc0;
      --green: #12281b; --amber: #2d230e; --red: #331717; --green-edge: #5fd08c; --amber-edge: #f0b44d; --red-edge: #ff8a80; } }
    * { box-sizing: border-box; }
    body { margin: 0 auto; max-width: 72rem; padding: 1rem; background: var(--paper); color: var(--ink);
      font: 1rem/1.5 system-ui, sans-serif; }
    h1 { margin: 0.5rem 0 0; } h3 { margin: 1rem 0 0.25rem; font-size: 1rem; } h2 { margin: 2rem 0 0.5rem; border-bottom: 1px solid var(--line); }
    header p, figcaption { color: var(--soft); } a { color: var(--link); }
    main li { max-width: 46rem; overflow-wrap: anywhere; }
    p, figcaption { max-width: 46rem; overflow-wrap: anywhere; margin: 0.5rem 0; }
    header p { max-width: none; margin: 0.25rem 0; } .command { font-size: 0.8rem; }
    header p { overflow-wrap: anywhere; }
    .answer { margin: 0.75rem 0; padding: 0.75rem 1rem; border: 2px solid var(--line); border-left-width: 10px; border-radius: 0.4rem; }
    .answer h2 { margin: 0; border: 0; font-size: 1.35rem; } .plain { background: var(--panel); }
    .green { background: var(--green); border-color: var(--green-edge); } .amber { background: var(--amber); border-color: var(--amber-edge); }
    .red { background: var(--red); border-color: var(--red-edge); }
    dl { margin: 0.25rem 0 0; } dl > div { display: grid; grid-template-columns: 8.5rem 1fr; gap: 0 1rem; padding: 0.2rem 0; }
    dt { font-weight: 600; } dd { margin: 0; } dd p { margin: 0; max-width: none; }
    .key { display: flex; flex-wrap: wrap; gap: 0.75rem; padding: 0; margin: 0.75rem 0; list-style: none; }
    .key li { flex: 1 1 13rem; max-width: none; padding: 0.5rem 0.75rem; background: var(--panel); border-radius: 0.4rem; color: var(--soft); }
    .key strong { display: block; font-size: 1.4rem; line-height: 1.2; color: var(--ink); }
    .part { font-size: 1.7rem; border: 0; margin-top: 3rem; }
    nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0; list-style: none; }
    .exhibits { display: flex; flex-wrap: wrap; gap: 0 3rem; align-items: flex-start; } .exhibits > .figures { flex: 0 1 34rem; }
    .exhibits > .figures:only-child { flex-basis: 100%; } .exhibits > div { max-width: 100%; }
    .table { overflow-x: auto; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
    th, td { padding: 0.25rem 0.75rem 0.25rem 0; text-align: left; border-bottom: 1px solid var(--line); }
    th { color: var(--soft); font-weight: 600; } td { white-space: nowrap; } .number { text-align: right; }
    .figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 30rem), 1fr)); gap: 1.5rem; }
    figure { margin: 0.5rem 0; min-width: 0; max-width: 36rem; } .plot svg { display: block; width: 100%; height: auto; }
    .drawing { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-bottom: 0.75rem; } .box { border: 2px solid var(--line); padding: 0.5rem; }
    .box { border-radius: 0.4rem; } .box h3 { margin: 0 0 0.5rem; font-size: 0.9rem; color: var(--soft); }
    .box ul { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0; padding: 0; list-style: none; }
    .box li { padding: 0.3rem 0.6rem; border: 1px solid var(--s1); border-radius: 0.25rem; background: var(--panel); }
    [class^="map-"] { text-align: center; border: 1px solid var(--line); padding: 0.25rem 0.5rem; }
    .map-T { background: color-mix(in srgb, var(--s1) 22%, var(--paper)); }
    .map-K { background: color-mix(in srgb, var(--s3) 22%, var(--paper)); }
    .map-P { background: color-mix(in srgb, var(--s2) 22%, var(--paper)); }
    .map-A { background: color-mix(in srgb, var(--s4) 22%, var(--paper)); }
    .map-L { background: color-mix(in srgb, var(--s5) 22%, var(--paper)); }
    .missing { padding: 0.5rem 0.75rem; background: var(--panel); border-left: 4px solid var(--s2); }
    pre { overflow: auto; max-height: 30rem; background: var(--panel); padding: 0.75rem; font-size: 0.8rem; }
    summary { cursor: pointer; } :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
    .print { display: none; }
    @media (max-width: 30rem) { dl > div { grid-template-columns: 1fr; } h1 { font-size: 1.5rem; } .key li { flex-basis: 100%; } table { font-size: 0.65rem; } th, td:first-child { white-space: normal; } td, th { padding-right: 0.4rem; }
      [class^="map-"] { padding: 0.2rem 0.1rem; } }
    @page { size: A4; margin: 18mm 16mm 20mm;
      @bottom-right { content: counter(page) " / " counter(pages); font: 8pt sans-serif; }
      @bottom-left { content: "Capacity report"; font: 8pt sans-serif; } }
    @media print { body { max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.35; } nav, details { display: none; } .print { display: block; }
      .answer, .key li { print-color-adjust: exact; -webkit-print-color-adjust: exact; } h2 { margin-top: 1rem; } h1 { margin: 0; }
      .key { flex-wrap: nowrap; } .key li { flex: 1 1 0; } .part { break-before: page; margin-top: 0; }
      figure { max-width: none; } .plot { max-width: 12cm; } .figures, .exhibits { display: block; } th, td { padding-top: 0.1rem; padding-bottom: 0.1rem; }
      .plot, figure, figcaption, tr, .exhibits > div, .box, .missing, .answer { break-inside: avoid; }
      h2, h3, figcaption, section > p { break-after: avoid; }
      .table { overflow: visible; }
      td, th { white-space: normal; } }
    """
}
