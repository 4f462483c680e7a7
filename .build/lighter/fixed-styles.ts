import fixedLayout from './fixed-layout.ts';

type Node = ReturnType<typeof fixedLayout.Node.create>;

/** The styles of a box that `fixedLayout` supports. */
type Styles = {
	readonly position?: string;
	readonly left?: number;
	readonly top?: number;
	readonly width?: number;
	readonly height?: number;
	readonly display?: string;
};

/**
 * Applies the styles of a box. Replaces Ink's own function, which also supports the styles that `fixedLayout`
 * ignores. A style that is missing stays unchanged, and a size that is undefined becomes that of the content.
 */
// biome-ignore lint/style/noDefaultExport: it replaces a module that has one.
export default function applyStyles(node: Node, style: Styles = {}): void {
	if ('position' in style) {
		const isAbsolute = style.position === 'absolute';
		node.setPositionType(isAbsolute ? fixedLayout.POSITION_TYPE_ABSOLUTE : fixedLayout.POSITION_TYPE_RELATIVE);
	}

	if ('left' in style) {
		node.setPosition(fixedLayout.EDGE_LEFT, style.left);
	}

	if ('top' in style) {
		node.setPosition(fixedLayout.EDGE_TOP, style.top);
	}

	if ('width' in style) {
		node.setWidth(style.width);
	}

	if ('height' in style) {
		node.setHeight(style.height);
	}

	if ('display' in style) {
		node.setDisplay(style.display === 'none' ? fixedLayout.DISPLAY_NONE : fixedLayout.DISPLAY_FLEX);
	}
}
